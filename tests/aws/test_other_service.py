"""A service that does everything the other way, and a deployment that fails: what is seen, and written of it."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from bedrock_local.local_aws import LocalAws

from .account import open_account
from .bench import Lab
from .deployment import DeploymentFailedError, deploy
from .events import Events
from .findings import Finding, write
from .own import clean, find
from .run import try_all
from .table import TRIALS
from .world import make_world

#: The value of each switch that is not its default.
OTHER = {
    "name_of_ended_job": "free",
    "name_in_use": "validation",
    "repeated_token": "earlier-job",
    "stop_of_ended_job": "conflict",
    "tags_of_ended_job": "readable",
    "end_time": "same",
    "unassumable_role": "request-fails",
    "client_request_token": "absent",
    "uris": "slash-removed",
    "inference_profile_key": "present",
    "rules_without_targets": "counted",
    "profile_regions": "us:us-east-1,us-west-1",
}
#: In seconds: for how long a role is refused, and for how long its jobs fail.
REFUSED, FAILS = 1, 4


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    behaviours: dict[str, str | float] = {**OTHER, "role_propagation": REFUSED, "young_role": FAILS}
    folder = tmp_path_factory.mktemp("aws")
    started = LocalAws(model="echo", directory=folder, speed=500, behaviours=behaviours, admin=True)
    with started as aws, pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            patch.delenv(name)
        for name, value in aws.settings().items():
            patch.setenv(name, value)
        account = open_account(aws.account, aws.region)
        world = make_world(account, lambda _: None)
        lab = Lab(world, "no model", "other", Events(world))
        lab.sleep(FAILS)
        # No stack here makes a job, so that it is trials that find no room, and wait.
        aws.faults.fail("ServiceQuotaExceededException", "as many as there may be", times=3)
        yield lab
        assert aws.faults.all() == []
        assert clean(account, lambda _: None) == []
        assert list(find(account)) == []


@pytest.fixture(autouse=True)
def no_real_account(lab: Lab) -> None:
    """For all of this file the environment is that of its local AWS."""
    assert lab.world.account.endpoint == "127.0.0.1"


@pytest.fixture(scope="module")
def failure(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the deployment of stacks says whose model no model has the name of."""
    with pytest.raises(DeploymentFailedError) as failed:
        deploy(lab, tmp_path_factory.mktemp("deployment"))
    lab.deployed.set_exception(failed.value)
    return str(failed.value)


@pytest.fixture(scope="module")
def findings(lab: Lab, failure: str) -> Mapping[str, Finding]:
    assert failure
    trials = ["quickstart", *(name for name, trial in TRIALS.items() if trial.switch)]
    named = Lab(lab.world, "amazon.nova-micro-v1:0", lab.run, lab.events, lab.deployed)
    return try_all(named, trials, lambda _: None)


def test_the_other_value_of_each_switch_is_seen(findings: Mapping[str, Finding]) -> None:
    seen = {TRIALS[name].switch: finding for name, finding in findings.items()}
    assert {switch: seen[switch].value for switch in OTHER} == OTHER, {each: seen[each].seen for each in OTHER}
    assert {seen[switch].verdict for switch in OTHER} == {"as here with the switch"}


def test_how_long_a_role_is_too_young_is_measured(findings: Mapping[str, Finding]) -> None:
    """From before it is made, so that no answer is too short."""
    assert float(findings["a young role is refused"].value) >= REFUSED
    # The last job that failed was made a little before its role was old enough.
    assert float(findings["a young role is accepted"].value) > 0


def test_the_app_says_why_a_deployment_failed(failure: str) -> None:
    assert failure.startswith("the CDK CLI has failed:\n")
    assert "app.py: " in failure
    assert "'no model'" in failure
    assert "Traceback" not in failure


def test_a_trial_without_an_answer_is_told_and_has_no_fixture(
    lab: Lab, findings: Mapping[str, Finding], tmp_path: Path
) -> None:
    report = write(lab, findings, tmp_path)
    (row,) = (line for line in report.splitlines() if line.startswith(f"| {TRIALS['quickstart'].fact} |"))
    assert "DeploymentFailedError: the CDK CLI has failed" in row
    assert "| not answered |" in row
    assert not (tmp_path / "quickstart.json").exists()
    assert (tmp_path / "name-in-use.json").exists()
