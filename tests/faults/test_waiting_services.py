"""Waiting for the end: Bedrock, CloudFormation, Step Functions or DynamoDB refuse what is asked of them."""

from typing import Any

import pytest

from bedrock_local.bedrock.jobs.status import Status

from .aws import Aws, properties
from .bedrock import Life
from .replies import BROKEN, refused
from .waiting import GET, SIGNAL, begin, end, eventually, finished, the_job, waits

pytest_plugins = ["tests.faults.waiting_rows"]
pytestmark = pytest.mark.usefixtures("rule")
START, PUT, LEASE, DELETE = "StartExecution", "PutItem", "UpdateItem", "DeleteItem"
DENIED = refused("AccessDeniedException", "User is not authorized to perform this action.", 400)
UNVALIDATED = Life((Status.VALIDATING,))


@pytest.mark.parametrize("reply", [DENIED, BROKEN], ids=["denied", "broken"])
@pytest.mark.parametrize("operation", [GET, SIGNAL, LEASE, "DescribeStackResource"])
def test_W14_what_is_refused_for_ten_minutes_is_tried_again(aws: Aws, operation: str, reply: Any) -> None:
    """No look gives up; the first one after that tells the condition, once."""
    deployment = waits(aws, aws.stack())
    aws.front.always(operation, reply)
    end(aws)
    for _ in range(3):
        looks = aws.machine.executions[0].looks
        aws.clock.skip(200)
        eventually(lambda looks=looks: aws.machine.executions[0].looks > looks)
    aws.front.heal()
    aws.clock.skip(60)
    assert deployment.done() == "CREATE_COMPLETE"
    assert len(aws.cloudformation.signaled) == 1
    assert the_results(aws) == "Completed"


@pytest.mark.parametrize("operation", [START, PUT])
def test_W15_a_request_that_cannot_be_held_is_waited_for_in_the_function(aws: Aws, operation: str) -> None:
    """The function watches the job itself, as long as it needs to be validated."""
    aws.bedrock.life = UNVALIDATED
    aws.front.always(operation, DENIED)
    stack = aws.stack()
    deployment = begin(aws, stack, {"Job": properties()})
    eventually(lambda: aws.front.of(operation))
    aws.bedrock.end(the_job(aws).arn, Status.IN_PROGRESS)
    assert deployment.done() == "CREATE_COMPLETE", stack.reasons
    assert len(aws.bedrock.jobs) == len(aws.function.invocations) == 1
    assert not aws.table.waits


@pytest.mark.parametrize("operation", [START, PUT])
def test_W16_an_end_that_nobody_can_wait_for_fails_at_once(aws: Aws, operation: str) -> None:
    """After a minute of refusals the deployment fails and says why, instead of hanging for twelve hours."""
    aws.front.always(operation, DENIED)
    stack = aws.stack()
    assert stack.deploy(finished()) == "ROLLBACK_COMPLETE"
    assert "not authorized" in stack.reasons[0]
    assert aws.bedrock.statuses == ["Stopped"]
    assert not aws.machine.executions


@pytest.mark.parametrize("operation", [START, PUT])
def test_W16_a_refusal_that_passes_is_waited_out(aws: Aws, operation: str) -> None:
    """It is asked again, and the condition is told as ever."""
    aws.front.meet(operation, *[DENIED] * 3)
    deployment = waits(aws, aws.stack())
    end(aws)
    assert deployment.done() == "CREATE_COMPLETE"


def test_W17_an_answer_that_cannot_be_forgotten_is_given_again(aws: Aws) -> None:
    """The table refuses to delete what is done: no second signal, and the same answer."""
    aws.front.meet(DELETE, *[DENIED] * 3)
    deployment = waits(aws, aws.stack())
    end(aws)
    aws.clock.skip(60)
    assert deployment.done() == "CREATE_COMPLETE"
    assert len(aws.cloudformation.signaled) == 1


def test_W18_an_execution_that_begins_late_is_made_up_for_by_the_event(aws: Aws) -> None:
    """It begins ten minutes after it was asked for; the job's event is there first."""
    aws.machine.delay = 600
    stack = aws.stack()
    deployment = begin(aws, stack, finished())
    eventually(lambda: any(each.status == "CREATE_IN_PROGRESS" for each in stack.resources.values()))
    eventually(lambda: len(stack.resources) == 2)
    end(aws)
    assert deployment.done() == "CREATE_COMPLETE"
    assert not aws.machine.executions[0].looks
    aws.clock.skip(600)


def test_W18_a_request_whose_execution_begins_late_is_answered_late(aws: Aws) -> None:
    """The job is validated meanwhile; the answer is in time for CloudFormation."""
    aws.machine.delay, aws.bedrock.life = 600, UNVALIDATED
    deployment = begin(aws, aws.stack(), {"Job": properties()})
    eventually(lambda: aws.machine.executions)
    aws.bedrock.end(the_job(aws).arn, Status.IN_PROGRESS)
    aws.clock.skip(620)
    assert deployment.done() == "CREATE_COMPLETE"


def test_W19_an_end_that_nobody_tells_fails_the_stack_after_twelve_hours(aws: Aws) -> None:
    """The function may tell nothing: CloudFormation gives up on the condition by itself, and the job is stopped."""
    aws.front.always(SIGNAL, DENIED)
    stack = aws.stack()
    deployment = waits(aws, stack)
    aws.clock.skip(43300)
    assert deployment.done() == "ROLLBACK_COMPLETE"
    assert "specified duration" in stack.reasons[0]
    assert aws.bedrock.statuses == ["Stopped"]


def the_results(aws: Aws) -> str:
    return str(aws.stacks[0].resources["JobResults"].data["JobStatus"])
