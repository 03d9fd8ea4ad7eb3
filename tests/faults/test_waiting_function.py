"""Waiting for the end: the function that looks is killed, held up, or called too often."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from bedrock_local.bedrock.jobs.status import Status

from .aws import Aws, properties
from .bedrock import Life
from .replies import after, before
from .waiting import SIGNAL, begin, end, eventually, finished, status_of, the_job, waits

pytest_plugins = ["tests.faults.waiting_rows"]
pytestmark = pytest.mark.usefixtures("rule")
START, PUT = "StartExecution", "PutItem"
UNVALIDATED = Life((Status.VALIDATING,))


def held(aws: Aws) -> bool:
    """Whether a request is held and no function runs."""
    return bool(aws.table.waits) and bool(aws.machine.executions)


@pytest.mark.parametrize("told", [False, True], ids=["before it told", "after it told"])
def test_W07_a_function_killed_while_it_tells_is_followed_by_another(aws: Aws, *, told: bool) -> None:
    """The next look tells the condition, or sees that it has been told."""
    deployment = waits(aws, aws.stack())
    aws.front.meet(SIGNAL, after(aws.function.kill) if told else lambda _: aws.function.kill())
    end(aws)
    eventually(lambda: aws.front.of(SIGNAL))
    aws.clock.skip(60)
    assert deployment.done() == "CREATE_COMPLETE"
    assert len(aws.cloudformation.signaled) == 1


def test_W08_a_function_that_is_throttled_is_called_again(aws: Aws) -> None:
    """Looks are refused for ten minutes and go on; the event waits for its turn."""
    deployment = waits(aws, aws.stack())
    aws.function.concurrency.limit = 0
    end(aws)
    aws.clock.skip(600)
    looks = aws.machine.executions[0].looks
    eventually(lambda: aws.machine.executions[0].looks > looks)
    assert status_of(aws.stacks[0], "JobResults") == ""
    aws.function.concurrency.limit = 8
    aws.clock.skip(60)
    assert deployment.done() == "CREATE_COMPLETE"
    assert len(aws.cloudformation.signaled) == 1


def test_W08_an_event_that_is_too_old_is_given_up(aws: Aws) -> None:
    """It finds no place for forty minutes; the last word is silent, and a look tells the condition."""
    deployment = waits(aws, aws.stack())
    aws.function.concurrency.limit = 0
    end(aws)
    eventually(lambda: aws.events.sent)
    aws.events.settle()
    aws.clock.skip(2500)
    eventually(lambda: aws.last_word.invocations)
    aws.function.concurrency.limit = 8
    aws.clock.skip(60)
    assert deployment.done() == "CREATE_COMPLETE"
    assert [each.error for each in aws.last_word.invocations] == [None]


def test_W09_an_event_that_is_out_of_retries_leaves_the_looks(aws: Aws) -> None:
    """Each delivery of the event is killed; the last word has nobody to answer, and a look tells the condition."""
    deployment = waits(aws, aws.stack())
    aws.front.meet("Query", *[lambda _: aws.function.kill()] * 3)
    end(aws)
    eventually(lambda: aws.last_word.invocations)
    aws.clock.skip(60)
    assert deployment.done() == "CREATE_COMPLETE"
    assert len(aws.cloudformation.signaled) == 1


def test_W10_forty_jobs_with_two_functions_at_once(aws: Aws) -> None:
    """Validation takes ten minutes; every request is held, nobody's time runs out, and each stack has its one job."""
    aws.bedrock.life, aws.function.concurrency.limit = UNVALIDATED, 2
    stacks = [aws.stack() for _ in range(40)]
    with ThreadPoolExecutor(40) as pool:
        results = [pool.submit(stack.deploy, {"Job": properties()}) for stack in stacks]
        eventually(lambda: len(aws.machine.executions) == 40)
        aws.clock.skip(400)
        for job in aws.bedrock.live:
            aws.bedrock.end(job.arn, Status.IN_PROGRESS)
        assert [each.result() for each in results] == ["CREATE_COMPLETE"] * 40
    assert {stack.resources["Job"].physical_id for stack in stacks} == {job.arn for job in aws.bedrock.jobs}


def test_W11_a_create_that_comes_again_while_it_is_held_is_answered_once(aws: Aws) -> None:
    """The second delivery finds the job and is held as the first was, until the same time; one answer is given."""
    aws.bedrock.life = UNVALIDATED
    deployment = begin(aws, aws.stack(), {"Job": properties()})
    eventually(lambda: held(aws))
    (item,) = aws.table.waits
    aws.function.deliver(aws.cloudformation.requests[0])
    aws.function.settle()
    assert [each["Until"] for each in aws.table.waits] == [item["Until"]]
    aws.bedrock.end(the_job(aws).arn, Status.IN_PROGRESS)
    aws.clock.skip(15)
    assert deployment.done() == "CREATE_COMPLETE"
    aws.come_to_rest()
    assert len(aws.endpoint.answers(aws.cloudformation.requests[0]["RequestId"])) == 1
    assert len(aws.bedrock.jobs) == 1


@pytest.mark.parametrize("operation", [PUT, START])
@pytest.mark.parametrize("template", [{"Job": properties()}, finished()], ids=["VALIDATED", "FINISHED"])
@pytest.mark.parametrize("committed", [False, True], ids=["before", "after"])
def test_W12_a_function_killed_while_it_holds_is_delivered_again(
    aws: Aws, operation: str, template: dict[str, object], *, committed: bool
) -> None:
    """Whatever of it was written down, the second delivery completes it; one job, one answer."""
    aws.bedrock.life = UNVALIDATED if "JobResults" not in template else Life()
    aws.front.meet(operation, after(aws.function.kill) if committed else lambda _: aws.function.kill())
    deployment = begin(aws, aws.stack(), template)
    eventually(lambda: [each.error for each in aws.function.invocations][:2] == ["killed", None])
    eventually(lambda: aws.machine.executions)
    aws.bedrock.end(the_job(aws).arn, Status.IN_PROGRESS)
    if "JobResults" in template:
        end(aws)
    aws.clock.skip(15)
    assert deployment.done() == "CREATE_COMPLETE"
    assert len(aws.bedrock.jobs) == 1
    assert len(aws.endpoint.answers(aws.cloudformation.requests[0]["RequestId"])) == 1


@pytest.mark.parametrize("sent", [False, True], ids=["before it answered", "after it answered"])
def test_W13_a_look_that_is_killed_while_it_answers_is_followed_by_another(aws: Aws, *, sent: bool) -> None:
    """The request stays held until it is answered; CloudFormation takes the first answer."""
    aws.bedrock.life = UNVALIDATED
    deployment = begin(aws, aws.stack(), {"Job": properties()})
    eventually(lambda: held(aws))
    aws.function.settle()
    kill = before(aws.function.kill)
    aws.front.meet("DeleteItem" if sent else "ListModelInvocationJobs", kill)
    aws.bedrock.end(the_job(aws).arn, Status.IN_PROGRESS)
    aws.clock.skip(15)
    eventually(lambda: "killed" in [each.error for each in aws.function.invocations])
    aws.clock.skip(900)
    assert deployment.done() == "CREATE_COMPLETE"
    assert len(aws.bedrock.jobs) == 1
