"""Who takes the construct of today for the one of before pays nothing for it while the jobs run."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from aws_cdk import Duration
from botocore.exceptions import ClientError

from bedrock_batch import Plan, plan_deployment
from cdk_bedrock_batch import WaitUntil

from .account import Account, Kept
from .app import synthesize
from .app_jobs import TOLD
from .calls import CREATE, STOP, watched_calls
from .conftest import try_to_deploy
from .upgrade import COMPLETED, COURSE, RUNNING, account_of_before, roll_back

PATIENCE_SECONDS = 120


@dataclass(frozen=True)
class Upgraded:
    """What there was before the upgrade, and of which operations there were calls."""

    account: Account
    before: Kept
    told_before: dict[str, str]
    calls_at_first: set[str]
    calls: set[str]
    done: CompletedProcess[str]
    plan: Plan


@pytest.fixture(scope="module")
def upgraded(present: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Upgraded]:
    with account_of_before(tmp_path_factory.mktemp("upgrade")) as (account, calls_at_first):
        before, told_before = account.kept(), account.told_statuses()
        plan = plan_deployment(present, lambda service, _: account.aws.client(service))
        with watched_calls(account.aws) as calls:
            done = try_to_deploy(account.aws, present, "--all")
            seen = calls.seen()
        yield Upgraded(account, before, told_before, calls_at_first, seen, done, plan)


def test_no_job_is_made_and_none_is_stopped(upgraded: Upgraded) -> None:
    assert upgraded.calls_at_first == {CREATE}, "calls are seen, if there are any"
    assert upgraded.calls == set()
    assert upgraded.done.returncode == 0, upgraded.done.stdout + upgraded.done.stderr
    assert set(upgraded.account.statuses().values()) == {RUNNING}


def test_the_plan_says_so(upgraded: Upgraded) -> None:
    assert len(upgraded.plan.jobs) == len(upgraded.before.jobs)
    told = [job for job in upgraded.plan.jobs if job.action != "in place"]
    assert [(job.action, "parameter store" in job.reason) for job in told] == [("cannot tell", True)]


def test_jobs_outputs_and_data_are_those_of_before(upgraded: Upgraded) -> None:
    assert len(upgraded.before.jobs) == len(upgraded.before.resources) == len(upgraded.told_before)
    assert len(upgraded.before.imports) > 4 * len(upgraded.before.jobs)
    assert upgraded.account.kept().changes(upgraded.before) == []


def test_what_the_stack_tells_of_a_job_goes_on_only(upgraded: Upgraded) -> None:
    told = upgraded.account.told_statuses()
    assert told.keys() == upgraded.told_before.keys()
    assert all(COURSE.index(told[key]) >= COURSE.index(before) for key, before in upgraded.told_before.items())


def test_a_later_update_that_is_rolled_back_makes_and_stops_no_job(upgraded: Upgraded, tmp_path: Path) -> None:
    # The function is asked about every job, on the way there and on the way back, and no other job is meant.
    longer = {"wait_until": WaitUntil.VALIDATED, "wait_timeout": Duration.minutes(5)}
    broken = synthesize(tmp_path / "broken", broken=True, **longer)
    with watched_calls(upgraded.account.aws) as calls:
        roll_back(upgraded.account, broken)
        assert calls.seen() == set()
    assert upgraded.account.kept().changes(upgraded.before) == []
    assert set(upgraded.account.statuses().values()) == {RUNNING}


def test_the_jobs_end_with_their_results_and_are_heard_of(upgraded: Upgraded) -> None:
    upgraded.account.aws.faults.clear()
    upgraded.account.await_all(COMPLETED)
    told = heard(upgraded.account)
    assert told["status"] == COMPLETED
    assert f"-{TOLD}-" in told["batchJobName"]


def test_a_stop_would_have_been_seen(upgraded: Upgraded) -> None:
    arn = next(iter(upgraded.before.jobs))
    with watched_calls(upgraded.account.aws) as calls:
        with pytest.raises(ClientError, match="can not be stopped"):
            upgraded.account.aws.client("bedrock").stop_model_invocation_job(jobIdentifier=arn)
        assert calls.seen() == {STOP}


def heard(account: Account) -> dict[str, str]:
    """What the queue hears of the end of a job."""
    client, url = account.aws.client("sqs"), account.physical_id("AWS::SQS::Queue", "Ends")
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (messages := client.receive_message(QueueUrl=url).get("Messages")):
        assert time.monotonic() < deadline, "nothing was heard"
        time.sleep(0.25)
    (message,) = messages
    detail: dict[str, str] = json.loads(message["Body"])["detail"]
    return detail
