"""Waiting for the end: the stack is canceled, rolled back, deleted or deployed again in the middle of it."""

import pytest

from bedrock_local.bedrock.jobs.clock import utc_now
from bedrock_local.bedrock.jobs.status import Status

from .aws import Aws, properties
from .bedrock import Life
from .replies import NOT_FOUND
from .stack import Stack
from .templates import OLD
from .waiting import SIGNAL, begin, end, eventually, finished, status_of, the_job, waits

pytest_plugins = ["tests.faults.waiting_rows"]
pytestmark = pytest.mark.usefixtures("rule")
PRO = {"modelId": "amazon.nova-pro-v1:0"}
UNVALIDATED = Life((Status.VALIDATING,))


@pytest.mark.in_several_ways
def test_W20_a_create_that_fails_elsewhere_stops_the_job(aws: Aws) -> None:
    """Another resource fails in the middle of the wait: the roll back stops the job, and nobody is told anything."""
    deployment = waits(aws, aws.stack(), cancelable=True)
    deployment.sibling.set()
    assert deployment.done() == "ROLLBACK_COMPLETE"
    assert aws.bedrock.statuses == ["Stopped"]
    assert not aws.front.of(SIGNAL)


def test_W20_a_stack_that_is_deleted_stops_the_job(aws: Aws) -> None:
    """The Delete comes in the middle of the wait."""
    deployment = waits(aws, aws.stack(), cancelable=True, rollback=False)
    deployment.sibling.set()
    assert deployment.done() == "CREATE_FAILED"
    assert deployment.stack.destroy() == "DELETE_COMPLETE"
    assert aws.bedrock.statuses == ["Stopped"]
    assert not aws.cloudformation.signaled


@pytest.mark.in_several_ways
def test_W20_an_update_that_is_canceled_goes_back_to_the_old_job(aws: Aws, done: Stack) -> None:
    """The new job is stopped, the old one and its results stand, and the roll back waits for nothing."""
    old = done.resources["Job"].physical_id
    deployment = waits(aws, done, finished(**PRO), cancelable=True)
    deployment.sibling.set()
    assert deployment.done() == "UPDATE_ROLLBACK_COMPLETE"
    assert aws.bedrock.statuses == ["Completed", "Stopped"]
    assert done.resources["Job"].physical_id == old
    assert done.resources["JobResults"].data["JobStatus"] == "Completed"


def test_W20_a_held_request_that_is_canceled_leaves_nothing(aws: Aws) -> None:
    """A job that has yet to be validated is stopped, and the request that is held for it is over."""
    aws.bedrock.life = UNVALIDATED
    deployment = begin(aws, aws.stack(), OLD, cancelable=True)
    eventually(lambda: aws.machine.executions)
    deployment.sibling.set()
    assert deployment.done() == "ROLLBACK_COMPLETE"
    aws.come_to_rest()
    assert aws.bedrock.statuses == ["Stopped"]
    assert not aws.table.waits


def test_W21_an_update_at_once_after_another_waits_for_its_own_job(aws: Aws, done: Stack) -> None:
    """Each has its condition; the looks of the one before end by themselves."""
    for model in ("pro", "micro"):
        deployment = waits(aws, done, finished(modelId=f"amazon.nova-{model}-v1:0"))
        end(aws)
        assert deployment.done() == "UPDATE_COMPLETE", done.reasons
    assert aws.bedrock.statuses == ["Completed"] * 3
    assert len(aws.cloudformation.signaled) == 3


def test_W21_an_update_at_once_after_a_canceled_one_takes_no_job_over(aws: Aws, done: Stack) -> None:
    """The same is asked for again: the job that the roll back stopped answers nothing, and there is a new one."""
    deployment = waits(aws, done, finished(**PRO), cancelable=True)
    deployment.sibling.set()
    assert deployment.done() == "UPDATE_ROLLBACK_COMPLETE"
    deployment = waits(aws, done, finished(**PRO))
    end(aws)
    assert deployment.done() == "UPDATE_COMPLETE", done.reasons
    assert aws.bedrock.statuses == ["Completed", "Stopped", "Completed"]


@pytest.mark.parametrize("over", [False, True], ids=["while it runs", "when it is over"])
def test_W22_a_wait_that_failed_and_was_kept_is_taken_up_again(aws: Aws, *, over: bool) -> None:
    """The condition is made again while the job's resource stays as it is; it is told all the same."""
    deployment = waits(aws, aws.stack(), cancelable=True, rollback=False)
    deployment.sibling.set()
    assert deployment.done() == "CREATE_FAILED"
    looks = aws.machine.executions[0].looks
    aws.clock.skip(60)
    eventually(lambda: aws.machine.executions[0].looks > looks)
    if over:
        end(aws)
    deployment = begin(aws, deployment.stack, finished())
    eventually(lambda: "CREATE_IN_PROGRESS" in [each.status for each in deployment.stack.resources.values()])
    if not over:
        end(aws)
    aws.clock.skip(60)
    assert deployment.done() == "CREATE_COMPLETE"
    assert len(aws.bedrock.jobs) == 1


def test_W23_two_jobs_of_a_stack_wait_side_by_side(aws: Aws) -> None:
    """Each condition is told of its own job's end."""
    second = finished(name="Second", job={"JobNamePrefix": "Second"}, **PRO)
    stack = aws.stack()
    deployment = waits(aws, stack, {**finished(), **second})
    first_job, second_job = (aws.bedrock.job(stack.resources[name].physical_id) for name in ("Job", "Second"))
    aws.bedrock.end(second_job.arn, Status.COMPLETED)
    eventually(lambda: status_of(stack, "SecondResults") == "CREATE_COMPLETE")
    assert status_of(stack, "JobResults") == ""
    aws.bedrock.end(first_job.arn, Status.COMPLETED)
    assert deployment.done() == "CREATE_COMPLETE"


def test_W23_a_job_that_fails_ends_the_wait_for_the_other(aws: Aws) -> None:
    """The stack rolls back at once; the other job is stopped."""
    second = finished(name="Second", job={"JobNamePrefix": "Second"}, **PRO)
    stack = aws.stack()
    deployment = waits(aws, stack, {**finished(), **second})
    aws.bedrock.end(stack.resources["Second"].physical_id, Status.FAILED, "the records are no JSON")
    assert deployment.done() == "ROLLBACK_COMPLETE"
    assert "the records are no JSON" in " ".join(stack.reasons)
    assert sorted(aws.bedrock.statuses) == ["Failed", "Stopped"]


@pytest.mark.in_several_ways
@pytest.mark.parametrize(("wait", "goes_on"), [(930, True), (1200, False)], ids=["nearly over", "not over"])
def test_W23_a_roll_back_at_the_end_of_one_wait_leaves_the_job_whose_own_is_nearly_over(
    aws: Aws, *, wait: int, goes_on: bool
) -> None:
    """Both go on, and the next deployment takes both; one with a tenth of its wait before it is stopped."""
    second = finished(name="Second", wait=wait, leave=True, job={"JobNamePrefix": "Second-Job-5d6e7f80"}, **PRO)
    first = finished(wait=900, leave=True, job={"JobNamePrefix": "First-Job-1a2b3c4d"})
    stack = aws.stack()
    assert stack.deploy({}) == "CREATE_COMPLETE"
    deployment = waits(aws, stack, {**first, **second})
    aws.clock.skip(900)
    assert deployment.done() == "UPDATE_ROLLBACK_COMPLETE"
    assert sorted(aws.bedrock.statuses) == sorted(["InProgress", "InProgress" if goes_on else "Stopped"])
    assert ["cdk-bedrock-batch:left-running" in job.tags for job in aws.bedrock.jobs].count(True) == 1 + goes_on
    deployment = waits(aws, stack, {**first, **second})
    for job in aws.bedrock.live:
        aws.bedrock.end(job.arn, Status.COMPLETED)
    assert deployment.done() == "UPDATE_COMPLETE", stack.reasons
    assert len(aws.bedrock.jobs) == (2 if goes_on else 3)


def test_W24_a_second_try_is_held_as_the_first_was(aws: Aws) -> None:
    """The role was too young: the first job fails while its request is held, and the answer stands for the second."""
    aws.bedrock.lives = [UNVALIDATED, UNVALIDATED]
    stack = aws.stack()
    deployment = begin(aws, stack, {"Job": {**properties(), "RoleOfStack": True}})
    eventually(lambda: aws.machine.executions)
    aws.bedrock.end(the_job(aws).arn, Status.FAILED, "Could not validate GetObject permissions to access S3 bucket")
    aws.clock.skip(15)
    eventually(lambda: len(aws.machine.executions) == 2)
    aws.bedrock.end(the_job(aws).arn, Status.IN_PROGRESS)
    aws.clock.skip(15)
    assert deployment.done() == "CREATE_COMPLETE", stack.reasons
    assert stack.resources["Job"].physical_id == aws.bedrock.jobs[1].arn
    assert len(aws.endpoint.answers(aws.cloudformation.requests[0]["RequestId"])) == 1


@pytest.mark.parametrize("moment", ["before", "while"])
def test_W20_a_job_that_is_being_stopped_holds_up_no_delete(aws: Aws, moment: str) -> None:
    """Somebody stops it by hand, before the Delete looks or while it does: its tags cannot be read any more."""
    aws.bedrock.life = Life(stops=False)
    deployment = waits(aws, aws.stack(), cancelable=True, rollback=False)
    deployment.sibling.set()
    assert deployment.done() == "CREATE_FAILED"
    if moment == "before":
        the_job(aws).move(Status.STOPPING, utc_now())
    else:
        aws.front.meet("ListTagsForResource", NOT_FOUND)
    assert deployment.stack.destroy() == "DELETE_COMPLETE", deployment.stack.reasons
    assert aws.bedrock.statuses == ["Stopping"]
