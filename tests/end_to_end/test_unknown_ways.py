"""What nobody knows of the service holds either way: roles that are too young, tokens not shown, URIs otherwise."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from aws_cdk import Stack, Tags

from bedrock_local.local_aws import LocalAws
from bedrock_local.running import RunningAws
from cdk_bedrock_batch import BatchModel, WaitUntil

from .gallery import MODEL, job
from .jobs import Jobs
from .stacks import Stacks
from .understudies import refusal

YOUNG_SECONDS = 8
WAYS = {
    "no token": {"client_request_token": "absent"},
    "a slash more": {"uris": "slash-added"},
    "no token, and a slash less": {"client_request_token": "absent", "uris": "slash-removed"},
}


def local_aws(folder: Path, **behaviours: object) -> LocalAws:
    return LocalAws(
        model="echo", directory=folder, speed=500, behaviours={"role_propagation": 0, **behaviours}, admin=True
    )


def test_a_job_whose_role_was_too_young_is_submitted_once_more(tmp_path: Path) -> None:
    with local_aws(tmp_path / "aws", young_role=YOUNG_SECONDS) as aws:
        stacks, jobs = Stacks(aws, tmp_path / "stacks"), Jobs(aws)
        deployed = stacks.deploy(lambda stack: job(stack, "Job", wait_until=WaitUntil.VALIDATED), "Young")
        first, second = jobs.named("Young-")
        assert (jobs.get(first)["status"], jobs.get(first)["message"][:30]) == (
            "Failed",
            "Could not assume provided IAM role."[:30],
        )
        assert deployed.jobs["Job"] == second
        assert jobs.ended(second)["status"] == "Completed"
        stacks.destroy(deployed)
        assert jobs.named("Young-") == [first, second]


def test_a_profile_needs_nobody_to_tell_it_unless_its_models_may_be_used_through_it_only(tmp_path: Path) -> None:
    """Whether batch inference tells it is unknown; where it does, both complete: see the gallery."""

    def build(stack: Stack) -> None:
        for name, through in (("Plain", False), ("Through", True)):
            job(stack, name, model=BatchModel.inference_profile(f"us.{MODEL}", only_through_profile=through))

    with local_aws(tmp_path / "aws") as aws:
        stacks, jobs = Stacks(aws, tmp_path / "stacks"), Jobs(aws)
        ended = {name: jobs.ended(arn) for name, arn in stacks.deploy(build, "Profiles").jobs.items()}
    assert ended["Plain"]["status"] == "Completed"
    assert ended["Through"]["status"] == "Failed"
    assert ended["Through"]["message"] == refusal("bedrock:InvokeModel")


@pytest.fixture(scope="module", params=WAYS.values(), ids=WAYS.keys())
def odd(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAws]:
    with local_aws(tmp_path_factory.mktemp("odd"), **request.param) as aws:
        yield aws


def test_a_job_is_known_again_however_it_is_shown(odd: RunningAws, tmp_path: Path) -> None:
    stacks, jobs = Stacks(odd, tmp_path), Jobs(odd)

    def tagged(stack: Stack, value: str) -> None:
        Tags.of(job(stack, "Job")).add("team", value)

    with odd.faults.hold("InProgress"):
        deployed = stacks.deploy(lambda stack: tagged(stack, "one"), "Odd")
        arn = deployed.jobs["Job"]
        stacks.deploy(lambda stack: tagged(stack, "two"), "Odd")
        assert deployed.jobs["Job"] == arn
        assert jobs.named("Odd-") == [arn]
        (tag,) = (
            each for each in jobs.bedrock.list_tags_for_resource(resourceARN=arn)["tags"] if each["key"] == "team"
        )
        assert tag["value"] == "two"
        stacks.destroy(deployed)
    assert jobs.ended(arn)["status"] == "Stopped"
