"""A client request token of the user's: it says nothing of who asked, and anybody may use it again."""

from typing import Any

import pytest

from bedrock_local.bedrock.jobs.status import Status

from .aws import Aws, properties
from .bedrock import Life
from .replies import NOT_FOUND, THROTTLED, after, refused
from .stack import Stack

CREATE, GET, STOP = "CreateModelInvocationJob", "GetModelInvocationJob", "StopModelInvocationJob"
TOKEN = "nightly-1"  # noqa: S105 (it is no password)
ADVICE = "change 'client_request_token'"


def wish(token: str = TOKEN, **changes: Any) -> dict[str, Any]:
    return {"Job": properties(clientRequestToken=token, **changes)}


@pytest.fixture
def stack(aws: Aws) -> Stack:
    """A stack whose job runs, under a token of the user's."""
    stack = aws.stack()
    assert stack.deploy(wish()) == "CREATE_COMPLETE"
    return stack


def test_G10_the_token_is_sent_as_it_is(aws: Aws, stack: Stack) -> None:
    """The job has it, the stack stands for the job, and a Delete stops it."""
    (call,) = aws.front.of(CREATE)
    (job,) = aws.bedrock.jobs
    assert call["clientRequestToken"] == TOKEN
    assert stack.resources["Job"].physical_id == job.arn
    assert stack.destroy() == "DELETE_COMPLETE"
    assert job.status == Status.STOPPED


def test_G10_another_token_asks_for_another_job(aws: Aws, stack: Stack) -> None:
    """It is part of the specification: the new job is made, then the old one stopped."""
    assert stack.deploy(wish("nightly-2")) == "UPDATE_COMPLETE"
    assert [job.request["clientRequestToken"] for job in aws.bedrock.jobs] == [TOKEN, "nightly-2"]
    assert aws.bedrock.statuses == ["Stopped", "InProgress"]


def test_G10_the_same_token_keeps_the_job(aws: Aws, stack: Stack) -> None:
    """An update of something else makes no job, also when the old properties cannot be read."""
    stack.resources["Job"].properties = {"Shape": "of another version"}
    assert stack.deploy({"Job": {**wish()["Job"], "WaitTimeoutSeconds": 500}}) == "UPDATE_COMPLETE"
    assert stack.resources["Job"].physical_id == aws.bedrock.jobs[0].arn
    assert len(aws.front.of(CREATE)) == 1


def test_G10_a_roll_back_takes_the_first_job_back(aws: Aws, stack: Stack) -> None:
    """The job of the other token is stopped, that of the first runs on."""
    assert stack.deploy(wish("nightly-2"), sibling_fails_last=True) == "UPDATE_ROLLBACK_COMPLETE"
    assert stack.resources["Job"].physical_id == aws.bedrock.jobs[0].arn
    assert aws.bedrock.statuses == ["InProgress", "Stopped"]


@pytest.mark.either("repeated_token")
def test_G11_the_job_of_the_other_stack_is_neither_taken_nor_stopped(aws: Aws) -> None:
    """Bedrock answers with a Conflict or with that job: the deployment fails and says what to change."""
    assert aws.stack().deploy(wish()) == "CREATE_COMPLETE"
    other = aws.stack()
    assert other.deploy(wish()) == "ROLLBACK_COMPLETE"
    assert ADVICE in other.reasons[0]
    assert aws.bedrock.statuses == ["InProgress"]
    assert not aws.front.of(STOP)


@pytest.mark.either("repeated_token")
def test_G12_a_changed_job_needs_another_token(aws: Aws, stack: Stack) -> None:
    """The update fails and says what to change; the job that there is runs on under its id."""
    (job,) = aws.bedrock.jobs
    assert stack.deploy(wish(timeoutDurationInHours=48)) == "UPDATE_ROLLBACK_COMPLETE"
    assert ADVICE in stack.reasons[0]
    assert stack.resources["Job"].physical_id == job.arn
    assert aws.bedrock.statuses == ["InProgress"]


def test_G13_the_job_of_the_token_is_not_run_again(aws: Aws) -> None:
    """Bedrock makes one job for a token, so the second deployment fails as well and names the way out."""
    aws.bedrock.life = Life((Status.VALIDATING, Status.FAILED), "too few records")
    stack = aws.stack()
    assert stack.deploy(wish(), rollback=False) == "CREATE_FAILED"
    assert "deploy again with another 'client_request_token'" in stack.reasons[0]
    stack.resources["Job"].request_id = ""
    assert stack.deploy(wish()) == "ROLLBACK_COMPLETE"
    assert "deploy again with another 'client_request_token'" in stack.reasons[1]
    assert len(aws.front.of(CREATE)) == 1


def test_G14_the_second_delivery_finds_the_job(aws: Aws) -> None:
    """By its name, which tells whose it is."""
    aws.front.meet(CREATE, after(aws.function.kill))
    stack = aws.stack()
    assert stack.deploy(wish()) == "CREATE_COMPLETE"
    (job,) = aws.bedrock.jobs
    assert stack.resources["Job"].physical_id == job.arn


def test_G14_a_job_that_nobody_heard_of_is_stopped(aws: Aws) -> None:
    """The function is killed three times; the Delete under an id that CloudFormation made up finds the job."""
    aws.front.meet(CREATE, *[after(aws.function.kill)] * 3)
    aws.front.always(GET, after(aws.function.kill))
    aws.function.retry_delays = ()
    stack = aws.stack()
    assert stack.deploy(wish(), rollback=False) == "CREATE_FAILED"
    aws.front.heal()
    stack.resources["Job"].physical_id = "Stack-Job-1TRM0O8K2ZQ7V"
    assert stack.destroy() == "DELETE_COMPLETE"
    assert aws.bedrock.statuses == ["Stopped"]


@pytest.mark.parametrize("known", [True, False], ids=["by its ARN", "by another id"])
def test_G15_jobs_of_others_with_the_token_run_on(aws: Aws, stack: Stack, *, known: bool) -> None:
    """Token, role and places are the same, the name tells another wish: the Delete leaves it alone."""
    (job,) = aws.bedrock.jobs
    other = aws.stack()
    if known:
        # The other stack's event has the ARN of this one's job: only the token speaks against it.
        aws.bedrock.show_tokens()
    event = other.event("Delete", wish()["Job"], PhysicalResourceId=job.arn if known else "Stack-Job-1TRM0O8K2ZQ7V")
    assert aws.function.invoke(event).error is None
    assert aws.endpoint.answers(event["RequestId"])[0]["Status"] == "SUCCESS"
    assert stack.resources["Job"].physical_id == job.arn
    assert aws.bedrock.statuses == ["InProgress"]


def test_G15_a_delete_that_cannot_be_read_leaves_the_job_and_says_so(aws: Aws, stack: Stack) -> None:
    """Without the properties nothing tells whose a job with such a token is; the Delete succeeds, with a warning."""
    # Where Get shows no token, the id is believed.
    aws.bedrock.show_tokens()
    (job,) = aws.bedrock.jobs
    stack.resources["Job"].properties = {"Shape": "of another version"}
    assert stack.destroy() == "DELETE_COMPLETE"
    assert "the job is not known to be of this resource: left alone" in aws.function.log
    assert job.status == Status.IN_PROGRESS
    aws.bedrock.end(job.arn, Status.COMPLETED)


@pytest.mark.parametrize("disguise", [{"roleArn": "arn:aws:iam::123456789012:role/other"}, {"clientRequestToken": "x"}])
def test_G15_a_name_alone_makes_no_job_ours(aws: Aws, stack: Stack, disguise: dict[str, str]) -> None:
    """A job of somebody else's with our name runs on: its token, or its role, is another."""
    aws.bedrock.show_tokens()
    arn = aws.bedrock.jobs[0].arn
    parameters = {**wish()["Job"]["Job"], **disguise}
    name = aws.bedrock.jobs[0].name
    aws.bedrock.lose(arn)
    foreign = aws.bedrock.foreign_job(name, **parameters)
    stack.resources["Job"].physical_id = "None"
    assert stack.destroy() == "DELETE_COMPLETE"
    assert foreign.status == Status.IN_PROGRESS
    aws.bedrock.lose(foreign.arn)


@pytest.mark.parametrize("reply", [NOT_FOUND, THROTTLED, refused("AccessDeniedException", "not authorized", 403)])
def test_G16_whose_job_it_is_is_asked_until_bedrock_says_so(aws: Aws, reply: Any) -> None:
    """It is not taken for ours before that; one job is made."""
    aws.front.meet(GET, *[reply] * 5)
    stack = aws.stack()
    assert stack.deploy(wish()) == "CREATE_COMPLETE"
    assert stack.resources["Job"].physical_id == aws.bedrock.jobs[0].arn
    assert len(aws.bedrock.jobs) == 1
