"""Delete: what takes longer than anybody wants to wait."""

import pytest

from bedrock_local.bedrock.jobs.status import Status

from .aws import Aws
from .bedrock import Life
from .replies import THROTTLED
from .test_delete import GET, NOT_STOPPABLE, STOP, hurry, running_job


def test_D06_a_job_that_can_never_be_stopped_is_reported(aws: Aws) -> None:
    """In time the Delete fails and names the job, which lives on."""
    stack, job = running_job(aws)
    hurry(aws)
    aws.front.always(STOP, NOT_STOPPABLE)
    assert stack.destroy() == "DELETE_FAILED"
    assert job.arn in stack.reasons[0]
    assert aws.function.invocations[-1].error is None


@pytest.mark.parametrize("operation", [GET, STOP])
def test_D14_throttling_for_ever_is_reported(aws: Aws, operation: str) -> None:
    """The Delete fails in time and names the job."""
    stack, job = running_job(aws)
    hurry(aws)
    # botocore's own pauses are at random: four seconds of ours for what is left of them on a busy machine.
    aws.function.speed = 2.5
    aws.front.always(operation, THROTTLED)
    assert stack.destroy() == "DELETE_FAILED"
    assert job.arn in stack.reasons[0]
    assert "Too many requests" in stack.reasons[0]


def test_D17_a_job_that_is_long_in_stopping_does_not_hold_the_stack(aws: Aws) -> None:
    """When its time is over the Delete succeeds: the job was stopped once and will end by itself."""
    aws.bedrock.life = Life(stops=False)
    stack, job = running_job(aws)
    hurry(aws)
    assert stack.destroy() == "DELETE_COMPLETE"
    assert len(aws.front.of(STOP)) == 1
    assert job.status == Status.STOPPING


def test_D17_stopping_is_waited_for_five_minutes_at_most(aws: Aws) -> None:
    """Even where the function has more time, the stack does not wait longer."""
    aws.bedrock.life = Life(stops=False)
    stack, _ = running_job(aws)
    aws.function.speed, aws.cloudformation.service_timeout = 100, 800
    assert stack.destroy() == "DELETE_COMPLETE"
