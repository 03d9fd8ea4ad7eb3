"""Update: what only matters while a job runs changes, and the job runs, is over, or ends in between."""

from typing import Any

import pytest

from bedrock_local.bedrock.jobs.status import Status

from .aws import Aws, properties
from .replies import after, refused
from .stack import Stack
from .templates import LONGER, NEW, OLD

CREATE, GET = "CreateModelInvocationJob", "GetModelInvocationJob"
STOP = "StopModelInvocationJob"
VPC = {"subnetIds": ["subnet-0123456789abcdef0"], "securityGroupIds": ["sg-0123456789abcdef0"]}
OTHER_ROLE = "arn:aws:iam::123456789012:role/other"


def ended(aws: Aws, status: Status = Status.COMPLETED) -> str:
    """Let the stack's job come to its end, and return its ARN."""
    (job,) = aws.bedrock.jobs
    aws.bedrock.end(job.arn, status)
    return job.arn


@pytest.mark.in_several_ways
@pytest.mark.parametrize(
    "change",
    [{"timeoutDurationInHours": 48}, {"vpcConfig": VPC}, {"roleArn": OTHER_ROLE}],
    ids=["timeout", "network", "role"],
)
def test_U15_a_completed_job_is_not_run_again(aws: Aws, stack: Stack, change: dict[str, Any]) -> None:
    """It has the results, whatever it was allowed to take for them: nothing is run, and the attributes stay."""
    arn, data = ended(aws), dict(stack.resources["Job"].data)
    assert stack.deploy({"Job": properties(**change)}) == "UPDATE_COMPLETE"
    assert stack.deploy({"Job": {**properties(**change), "WaitTimeoutSeconds": 500}}) == "UPDATE_COMPLETE"
    assert stack.deploy(OLD) == "UPDATE_COMPLETE"
    assert stack.resources["Job"].physical_id == arn
    assert stack.resources["Job"].data == {**data, "JobStatus": "Completed"}
    assert len(aws.front.of(CREATE)) == 1
    assert not aws.front.of(STOP)


@pytest.mark.parametrize("status", [Status.FAILED, Status.EXPIRED, Status.PARTIALLY_COMPLETED, Status.STOPPED])
def test_U15_a_job_that_ended_without_success_is_run_again(aws: Aws, stack: Stack, status: Status) -> None:
    """A longer timeout after Expired is a wish for another run; the first job is left as it is."""
    ended(aws, status)
    assert stack.deploy(LONGER) == "UPDATE_COMPLETE"
    assert stack.resources["Job"].physical_id == aws.bedrock.jobs[1].arn
    assert aws.bedrock.statuses[0] == status
    assert not aws.front.of(STOP)


@pytest.mark.in_several_ways
def test_U15_a_completed_job_is_taken_back_with_another_timeout(aws: Aws, stack: Stack) -> None:
    """The stack has gone on to other results and comes back, with a longer timeout: those of before are there."""
    arn = ended(aws)
    assert stack.deploy(NEW) == "UPDATE_COMPLETE"
    assert stack.deploy(LONGER) == "UPDATE_COMPLETE"
    assert stack.resources["Job"].physical_id == arn
    assert aws.bedrock.statuses == ["Completed", "Stopped"]


@pytest.mark.in_several_ways
def test_U15_a_roll_back_of_another_timeout_keeps_the_completed_job(aws: Aws, stack: Stack) -> None:
    """There and back, and no job is made on the way."""
    arn = ended(aws)
    assert stack.deploy(LONGER, sibling_fails_last=True) == "UPDATE_ROLLBACK_COMPLETE"
    assert stack.resources["Job"].physical_id == arn
    assert len(aws.front.of(CREATE)) == 1


@pytest.mark.in_several_ways
def test_U15_a_roll_back_after_a_kept_timeout_pays_for_no_other(aws: Aws, stack: Stack) -> None:
    """The job was kept for a timeout that it was not made with, and an update to other results fails: it is kept."""
    arn = ended(aws)
    assert stack.deploy(LONGER) == "UPDATE_COMPLETE"
    aws.front.meet(CREATE, refused("ValidationException", "The provided model identifier is invalid"))
    assert stack.deploy({"Job": properties(modelId="amazon.nova-pro-v1:0")}) == "UPDATE_ROLLBACK_COMPLETE"
    assert stack.deploy(NEW, sibling_fails_last=True) == "UPDATE_ROLLBACK_COMPLETE"
    assert stack.resources["Job"].physical_id == arn
    assert aws.bedrock.statuses == ["Completed", "Stopped"]


@pytest.mark.in_several_ways
@pytest.mark.parametrize("made", [True, False], ids=["after the new job was made", "before"])
def test_U15_a_job_that_completes_between_two_deliveries_leaves_one_answer(
    aws: Aws, stack: Stack, *, made: bool
) -> None:
    """The first delivery is killed. If it has made the new job, that is adopted, else the old one is kept."""
    old = aws.bedrock.jobs[0]

    def complete_and_kill() -> None:
        aws.bedrock.end(old.arn, Status.COMPLETED)
        aws.function.kill()

    aws.front.meet(CREATE, after(complete_and_kill) if made else lambda _: complete_and_kill())
    assert stack.deploy(LONGER) == "UPDATE_COMPLETE"
    assert stack.resources["Job"].physical_id == aws.bedrock.jobs[-1].arn
    assert aws.bedrock.jobs[-1].arn != old.arn if made else len(aws.bedrock.jobs) == 1


@pytest.mark.in_several_ways
def test_U15_an_update_that_arrives_again_finds_the_completed_job(aws: Aws, stack: Stack) -> None:
    """It answers the same."""
    arn = ended(aws)
    stack.deploy(LONGER)
    late = aws.cloudformation.requests[-1]
    assert aws.function.invoke(late).error is None
    first, second = aws.endpoint.answers(late["RequestId"])
    assert first["PhysicalResourceId"] == second["PhysicalResourceId"] == arn
    assert len(aws.front.of(CREATE)) == 1


@pytest.mark.in_several_ways
def test_U04_a_refused_longer_job_leaves_the_old_one_running(aws: Aws, stack: Stack) -> None:
    """Of the same results and another timeout: the old job is still there after the roll back, and nothing stopped."""
    aws.front.meet(CREATE, refused("ValidationException", "The timeout is too long"))
    assert stack.deploy(LONGER) == "UPDATE_ROLLBACK_COMPLETE"
    assert stack.resources["Job"].physical_id == aws.bedrock.jobs[0].arn
    assert not aws.front.of(STOP)


@pytest.mark.in_several_ways
def test_U06_a_roll_back_takes_the_job_of_the_shorter_timeout_back(aws: Aws, stack: Stack) -> None:
    """The old job runs as it was asked for, so it is adopted; the longer one is stopped."""
    assert stack.deploy(LONGER, sibling_fails_last=True) == "UPDATE_ROLLBACK_COMPLETE"
    assert stack.resources["Job"].physical_id == aws.bedrock.jobs[0].arn
    assert aws.bedrock.statuses[1] == "Stopped"
