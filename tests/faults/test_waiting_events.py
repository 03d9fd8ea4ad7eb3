"""Waiting for the end: the event that Bedrock sends of it."""

import pytest

from bedrock_local.bedrock.jobs.status import Status

from .aws import Aws
from .waiting import GET, SIGNAL, end, eventually, finished, waits

pytest_plugins = ["tests.faults.waiting_rows"]
pytestmark = pytest.mark.usefixtures("rule")


def test_W01_the_deployment_goes_on_when_the_results_are_there(aws: Aws) -> None:
    """The job's resource is answered at once, the condition is told of the end, and the results have their counts."""
    stack = aws.stack()
    deployment = waits(aws, stack)
    assert stack.resources["Job"].status == "CREATE_COMPLETE"
    assert stack.resources["Job"].data["JobStatus"] != "Completed"
    end(aws)
    assert deployment.done() == "CREATE_COMPLETE", stack.reasons
    told, job = stack.resources["JobResults"].data, aws.bedrock.jobs[0]
    assert told["JobStatus"] == "Completed"
    assert told["OutputUri"].endswith(f"/{job.arn[-12:]}/")
    counts = ("TotalRecordCount", "ProcessedRecordCount", "SuccessRecordCount", "ErrorRecordCount")
    assert [told[name] for name in counts] == ["3", "3", "3", "0"]
    assert [call["UniqueId"] for call in aws.front.of(SIGNAL)] == [job.arn[-12:]]
    assert stack.destroy() == "DELETE_COMPLETE"
    assert aws.bedrock.statuses == ["Completed"]


def test_W01_a_wait_of_hours_costs_no_function(aws: Aws) -> None:
    """Six hours pass; the function looks now and then, and is in no process meanwhile."""
    aws.events.copies = 0
    deployment = waits(aws, aws.stack())
    for _ in range(6):
        looks = aws.machine.executions[0].looks
        aws.clock.skip(3600)
        eventually(lambda looks=looks: aws.machine.executions[0].looks > looks)
    end(aws)
    aws.clock.skip(60)
    assert deployment.done() == "CREATE_COMPLETE"
    assert len(aws.machine.executions) == 1


def test_W02_a_lost_event_is_made_up_for_by_a_look(aws: Aws) -> None:
    """The next look finds the end, a minute later at most."""
    aws.events.copies = 0
    deployment = waits(aws, aws.stack())
    looks = aws.machine.executions[0].looks
    end(aws)
    aws.clock.skip(60)
    assert deployment.done() == "CREATE_COMPLETE"
    assert aws.machine.executions[0].looks <= looks + 2
    assert not aws.events.sent


def test_W03_an_event_that_comes_twice_tells_once(aws: Aws) -> None:
    """One of the two has the lease; the other finds nothing to do."""
    aws.events.copies = 2
    deployment = waits(aws, aws.stack())
    end(aws)
    assert deployment.done() == "CREATE_COMPLETE"
    assert len(aws.cloudformation.signaled) == len(aws.front.of(SIGNAL)) == 1


def test_W03_an_event_and_a_look_at_once_tell_once(aws: Aws) -> None:
    """Both come in the same moment; one signal is sent."""
    deployment = waits(aws, aws.stack())
    aws.clock.skip(54)
    end(aws)
    aws.clock.skip(1)
    assert deployment.done() == "CREATE_COMPLETE"
    assert len(aws.front.of(SIGNAL)) == 1


def test_W04_an_event_that_is_an_hour_late_finds_nothing_to_do(aws: Aws) -> None:
    """A look was first; the event comes when nobody waits any more, and tells nobody."""
    aws.events.delay = 3600
    deployment = waits(aws, aws.stack())
    end(aws)
    aws.clock.skip(60)
    assert deployment.done() == "CREATE_COMPLETE"
    aws.clock.skip(3600)
    eventually(lambda: aws.events.sent)
    aws.events.settle()
    aws.function.settle()
    assert [each.error for each in aws.function.invocations if each.error] == []
    assert len(aws.front.of(SIGNAL)) == 1


def test_W05_an_event_of_another_job_is_none_of_ours(aws: Aws) -> None:
    """The rule matches every job of the account; one that is not in the table is not even looked at."""
    deployment = waits(aws, aws.stack())
    foreign = aws.bedrock.foreign_job("theirs")
    looked = len(aws.front.of(GET))
    aws.bedrock.end(foreign.arn, Status.COMPLETED)
    eventually(lambda: aws.events.sent)
    aws.events.settle()
    aws.function.settle()
    assert not [call for call in aws.front.of(GET)[looked:] if call["jobIdentifier"] == foreign.arn]
    assert not aws.front.of(SIGNAL)
    end(aws)
    assert deployment.done() == "CREATE_COMPLETE"


@pytest.mark.parametrize("wish", [{}, {"wait": 900}], ids=["the longest wait", "a short wait"])
def test_W06_a_job_that_is_over_before_the_condition_is_there(aws: Aws, wish: dict[str, int]) -> None:
    """The event comes when the job's own resource is not answered yet; the first looks tell the condition."""
    aws.events.copies = 0
    stack, hold = aws.stack(), []
    aws.front.meet("StartExecution", lambda exchange: (end(aws), hold.append(1), exchange.commit())[2])
    assert stack.deploy(finished(**wish)) == "CREATE_COMPLETE", stack.reasons
    assert hold
    assert the_results(aws) == "Completed"


def the_results(aws: Aws) -> str:
    return str(aws.stacks[0].resources["JobResults"].data["JobStatus"])
