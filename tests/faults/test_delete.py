"""Delete of a job: it ends, whatever Stop answers, and a job that lives on is never passed over in silence."""

from collections.abc import Callable

import pytest

from bedrock_local.bedrock.jobs.job import Job
from bedrock_local.bedrock.jobs.status import Status

from .aws import Aws, properties
from .elements import Properties
from .replies import NOT_FOUND, THROTTLED, before, dropped_after_commit, edited, healthy, refused
from .stack import Stack

GET, STOP = "GetModelInvocationJob", "StopModelInvocationJob"
NOT_STOPPABLE = refused("ValidationException", "The job cannot be stopped. State was: Submitted")


def running_job(aws: Aws, wish: Properties | None = None) -> tuple[Stack, Job]:
    """A stack that has one job, in progress."""
    stack = aws.stack()
    assert stack.deploy({"Job": wish or properties()}) == "CREATE_COMPLETE"
    (job,) = aws.bedrock.jobs
    aws.bedrock.end(job.arn, Status.IN_PROGRESS)
    return stack, job


def hurry(aws: Aws) -> None:
    """Let the function's time be over in six seconds, with more than one between its last try and its last word."""
    aws.function.timeout, aws.function.speed = 50, 8


def ends(aws: Aws, job: Job, status: Status) -> Callable[[], None]:
    return lambda: aws.bedrock.end(job.arn, status)


def test_D01_a_live_job_is_stopped_and_its_end_awaited(aws: Aws) -> None:
    """One Stop is sent; the answer goes out when the job has reached Stopped."""
    stack, job = running_job(aws)
    aws.front.meet(GET, healthy, edited(status="Stopping"), edited(status="Stopping"))
    gets = len(aws.front.of(GET))
    assert stack.destroy() == "DELETE_COMPLETE"
    assert len(aws.front.of(STOP)) == 1
    assert len(aws.front.of(GET)) - gets == 4
    assert job.status == Status.STOPPED


@pytest.mark.parametrize(
    "status", [Status.COMPLETED, Status.PARTIALLY_COMPLETED, Status.FAILED, Status.STOPPED, Status.EXPIRED]
)
def test_D02_a_job_that_has_ended_is_left_as_it_is(aws: Aws, status: Status) -> None:
    """No Stop is sent."""
    stack, job = running_job(aws)
    aws.bedrock.end(job.arn, status)
    assert stack.destroy() == "DELETE_COMPLETE"
    assert not aws.front.of(STOP)
    assert job.status == status


@pytest.mark.parametrize("code", ["ValidationException", "ConflictException"])
def test_D03_a_job_that_ends_just_before_its_stop_is_deleted(aws: Aws, code: str) -> None:
    """The refused Stop is no failure: the job is looked at again, and it has ended."""
    stack, job = running_job(aws)
    too_late = refused(code, "The job cannot be stopped. State was: Completed")
    aws.front.meet(STOP, lambda call: ends(aws, job, Status.COMPLETED)() or too_late(call))
    assert stack.destroy() == "DELETE_COMPLETE"
    assert len(aws.front.of(STOP)) == 1


@pytest.mark.parametrize("code", ["ValidationException", "ConflictException"])
def test_D04_a_conflict_with_another_stop_is_waited_out(aws: Aws, code: str) -> None:
    """Somebody else's Stop came first; the job's end is awaited."""
    stack, job = running_job(aws)
    conflict = refused(code, "The job is being stopped")
    aws.front.meet(STOP, lambda call: ends(aws, job, Status.STOPPING)() or conflict(call))
    aws.front.meet(GET, healthy, healthy, before(ends(aws, job, Status.STOPPED)))
    assert stack.destroy() == "DELETE_COMPLETE"
    assert len(aws.front.of(STOP)) == 1


def test_D05_a_job_that_cannot_be_stopped_yet_is_stopped_later(aws: Aws) -> None:
    """Stop is tried again until it is accepted."""
    stack, job = running_job(aws)
    aws.front.meet(STOP, *[NOT_STOPPABLE] * 3)
    assert stack.destroy() == "DELETE_COMPLETE"
    assert len(aws.front.of(STOP)) == 4
    assert job.status == Status.STOPPED


def test_D07_a_job_that_is_stopping_is_awaited(aws: Aws) -> None:
    """No second Stop is sent."""
    stack, job = running_job(aws)
    aws.bedrock.end(job.arn, Status.STOPPING)
    aws.front.meet(GET, healthy, before(ends(aws, job, Status.STOPPED)))
    assert stack.destroy() == "DELETE_COMPLETE"
    assert not aws.front.of(STOP)


def test_D08_a_job_that_bedrock_does_not_know_is_deleted(aws: Aws) -> None:
    """Get says NotFound: there is nothing to stop."""
    stack, job = running_job(aws)
    aws.bedrock.end(job.arn, Status.COMPLETED)
    stack.resources["Job"].physical_id = f"{job.arn[:-12]}neverexisted"
    assert stack.destroy() == "DELETE_COMPLETE"
    assert not aws.front.of(STOP)


def test_D08_a_job_that_vanishes_before_its_stop_is_deleted(aws: Aws) -> None:
    """Stop says NotFound, and so does the next Get."""
    stack, job = running_job(aws)
    aws.front.meet(STOP, lambda call: ends(aws, job, Status.COMPLETED)() or NOT_FOUND(call))
    aws.front.meet(GET, healthy, NOT_FOUND)
    assert stack.destroy() == "DELETE_COMPLETE"
    assert len(aws.front.of(STOP)) == 1


def test_D13_a_refused_stop_fails_at_once_in_the_services_words(aws: Aws) -> None:
    """The Delete fails; its reason names the action that is not allowed, and the job."""
    stack, job = running_job(aws)
    words = f"User is not authorized to perform: bedrock:StopModelInvocationJob on resource: {job.arn}"
    aws.front.always(STOP, refused("AccessDeniedException", words, 403))
    assert stack.destroy() == "DELETE_FAILED"
    assert words in stack.reasons[0]
    assert len(aws.front.of(STOP)) == 1


@pytest.mark.parametrize("operation", [GET, STOP])
@pytest.mark.parametrize("times", [3, 12])
def test_D14_throttling_is_waited_out(aws: Aws, operation: str, times: int) -> None:
    """The job is stopped in the end, also when botocore's own tries do not suffice."""
    stack, job = running_job(aws)
    aws.front.meet(operation, *[THROTTLED] * times)
    assert stack.destroy() == "DELETE_COMPLETE"
    assert job.status == Status.STOPPED


@pytest.mark.either("stop_of_ended_job")
@pytest.mark.parametrize("times", [1, 5])
def test_D15_a_stop_whose_reply_is_lost_is_asked_about(aws: Aws, times: int) -> None:
    """The job ends, also when all of botocore's own tries are lost."""
    stack, job = running_job(aws)
    aws.front.meet(STOP, *[dropped_after_commit] * times)
    assert stack.destroy() == "DELETE_COMPLETE"
    assert job.status == Status.STOPPED


def test_D16_a_second_delivery_answers_the_same(aws: Aws) -> None:
    """The job has ended, so no second Stop is sent."""
    stack, _ = running_job(aws)
    assert stack.destroy() == "DELETE_COMPLETE"
    event = aws.cloudformation.requests[-1]
    assert aws.function.invoke(event).error is None
    first, second = aws.endpoint.answers(event["RequestId"])
    assert first == second
    assert first["Status"] == "SUCCESS"
    assert len(aws.front.of(STOP)) == 1


def test_D20_a_state_that_nobody_knows_counts_as_live(aws: Aws) -> None:
    """The job is stopped: a needless Stop is better than a job that runs on."""
    stack, job = running_job(aws)
    aws.front.meet(GET, edited(status="Frozen"))
    assert stack.destroy() == "DELETE_COMPLETE"
    assert job.status == Status.STOPPED
