"""Create: delivered twice, killed, and tried again."""

from collections.abc import Mapping
from threading import Barrier
from typing import Any

import pytest

from bedrock_local.bedrock.jobs.status import Status

from .aws import Aws, properties
from .replies import Hold, after, before, dropped_after_commit, edited
from .stack import Stack
from .templates import OLD

CREATE, GET, LIST = "CreateModelInvocationJob", "GetModelInvocationJob", "ListModelInvocationJobs"


def test_C01_a_clean_create_makes_one_job_and_answers_with_its_arn(aws: Aws) -> None:
    """One job is made, and its ARN is the physical id."""
    stack = aws.stack()
    assert stack.deploy({"Job": properties()}) == "CREATE_COMPLETE"
    (job,) = aws.bedrock.jobs
    assert stack.resources["Job"].physical_id == stack.resources["Job"].data["JobArn"] == job.arn
    assert len(aws.front.of(CREATE)) == 1


def test_C02_a_second_delivery_answers_the_same(aws: Aws) -> None:
    """The second delivery finds the job of the first and gives the same answer."""
    aws.stack().deploy({"Job": properties()})
    (event,) = aws.cloudformation.requests
    assert aws.function.invoke(event).error is None
    first, second = aws.endpoint.answers(event["RequestId"])
    assert first == {**second, "Data": first["Data"]}
    assert first["Status"] == "SUCCESS"
    assert len(aws.bedrock.jobs) == 1


def test_C03_two_deliveries_at_the_same_time_make_one_job(aws: Aws) -> None:
    """Both find nothing and ask Bedrock with the same token, which makes one job."""
    both = Barrier(2, timeout=10)
    aws.front.meet(LIST, after(both.wait), after(both.wait))
    aws.function.speed, aws.function.copies = 5, 2
    stack = aws.stack()
    assert stack.deploy({"Job": properties()}) == "CREATE_COMPLETE"
    aws.function.settle()
    (job,) = aws.bedrock.jobs
    answers = aws.endpoint.answers(aws.cloudformation.requests[0]["RequestId"])
    assert [answer["PhysicalResourceId"] for answer in answers] == [job.arn] * 2
    assert len({call["clientRequestToken"] for call in aws.front.of(CREATE)}) == 1


def test_C04_a_lost_reply_is_asked_for_again(aws: Aws) -> None:
    """botocore repeats the call with the same token and gets the same job."""
    aws.front.meet(CREATE, dropped_after_commit)
    stack = aws.stack()
    assert stack.deploy({"Job": properties()}) == "CREATE_COMPLETE"
    assert len({call["clientRequestToken"] for call in aws.front.of(CREATE)}) == 1
    assert len(aws.bedrock.jobs) == 1


def test_C04_a_reply_that_never_comes_is_asked_for_again(aws: Aws) -> None:
    """The socket's timeout ends the wait; botocore repeats the call with the same token and gets the same job."""
    hold = Hold()
    aws.front.meet(CREATE, after(hold))
    aws.function.timeout = 200
    assert aws.stack().deploy({"Job": properties()}) == "CREATE_COMPLETE"
    hold.release.set()
    assert len({call["clientRequestToken"] for call in aws.front.of(CREATE)}) == 1
    assert len(aws.bedrock.jobs) == 1


def test_C05_a_function_killed_after_bedrock_made_the_job_finds_it_again(aws: Aws) -> None:
    """The second delivery adopts the job that the first had made."""
    aws.front.meet(CREATE, after(aws.function.kill))
    stack = aws.stack()
    assert stack.deploy({"Job": properties()}) == "CREATE_COMPLETE"
    (job,) = aws.bedrock.jobs
    assert stack.resources["Job"].physical_id == job.arn
    assert [each.error for each in aws.function.invocations] == ["killed", None]


def test_C06_a_function_killed_before_it_asked_for_a_job_asks_again(aws: Aws) -> None:
    """The second delivery makes the one job."""
    aws.front.meet(CREATE, lambda _: aws.function.kill())
    stack = aws.stack()
    assert stack.deploy({"Job": properties()}) == "CREATE_COMPLETE"
    assert len(aws.bedrock.jobs) == 1


def test_C07_a_function_killed_three_times_is_spoken_for(aws: Aws) -> None:
    """Another function answers FAILED for it, and the Delete that follows stops the job that had been made."""
    aws.front.meet(GET, *[before(aws.function.kill)] * 3)
    stack = aws.stack()
    assert stack.deploy({"Job": properties()}) == "ROLLBACK_COMPLETE"
    assert "ended 3 times without an answer" in stack.reasons[0]
    assert [job.status for job in aws.bedrock.jobs] == ["Stopped"]


def test_C07_nobody_answers_and_service_timeout_ends_the_wait(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    """After ServiceTimeout CloudFormation invents an id; its Delete finds the job by its name and stops it."""
    monkeypatch.setattr(aws.function, "on_failure", None)
    stack = aws.stack()

    def kill_and_time_out() -> None:
        aws.function.kill()
        aws.cloudformation.give_up(stack.id)

    aws.front.meet(GET, *[before(aws.function.kill)] * 2, before(kill_and_time_out))
    assert stack.deploy({"Job": properties()}) == "ROLLBACK_COMPLETE"
    assert stack.reasons == ["no answer was received"]
    assert [job.status for job in aws.bedrock.jobs] == ["Stopped"]


def test_C08_a_token_that_bedrock_forgot_makes_no_second_job(aws: Aws) -> None:
    """The second delivery looks for the job before it asks for one."""

    def lapse() -> None:
        aws.bedrock.forget()
        aws.function.kill()

    aws.front.meet(CREATE, after(lapse))
    stack = aws.stack()
    assert stack.deploy({"Job": properties()}) == "CREATE_COMPLETE"
    assert len(aws.bedrock.jobs) == 1


@pytest.mark.either("name_of_ended_job")
@pytest.mark.parametrize(
    "status", [Status.FAILED, Status.STOPPING, Status.STOPPED, Status.EXPIRED, Status.PARTIALLY_COMPLETED]
)
def test_C09_a_request_whose_job_has_ended_badly_fails_and_names_it(aws: Aws, status: Status) -> None:
    """A Create that is tried again with the same request id fails with the job's ARN and status; nothing is paid."""
    stack, template = aws.stack(), {"Job": {**properties(), "RoleOfStack": True}}
    deploy_without_answer(aws, stack, template)
    (job,) = aws.bedrock.jobs
    aws.bedrock.end(job.arn, status, "Batch job contains less records (3) than the required minimum of: 100")
    assert stack.deploy(template, rollback=False) == "CREATE_FAILED"
    for part in (job.arn, status, "run_token"):
        assert part in stack.reasons[-1]
    assert len(aws.bedrock.jobs) == 1


@pytest.mark.either("name_of_ended_job")
def test_C09_a_request_whose_job_had_too_young_a_role_gets_a_second_one(aws: Aws) -> None:
    """The exception: its job failed soon, in words about the rights of the stack's own role."""
    stack, template = aws.stack(), {"Job": {**properties(), "RoleOfStack": True}}
    deploy_without_answer(aws, stack, template)
    aws.bedrock.end(aws.bedrock.jobs[0].arn, Status.FAILED, "Could not validate GetObject permissions")
    assert stack.deploy(template) == "CREATE_COMPLETE"
    assert stack.resources["Job"].physical_id == aws.bedrock.jobs[1].arn
    assert stack.deploy(template) == "UPDATE_COMPLETE"
    assert len(aws.bedrock.jobs) == 2


@pytest.mark.parametrize("status", [Status.IN_PROGRESS, Status.COMPLETED])
def test_C10_a_request_whose_job_is_well_gets_that_job(aws: Aws, status: Status) -> None:
    """A Create that is tried again with the same request id adopts the job that runs or has its results."""
    stack = aws.stack()
    deploy_without_answer(aws, stack)
    (job,) = aws.bedrock.jobs
    aws.bedrock.end(job.arn, status)
    assert stack.deploy({"Job": properties()}) == "CREATE_COMPLETE"
    assert stack.resources["Job"].physical_id == job.arn
    assert len(aws.bedrock.jobs) == 1


def test_C11_a_reply_without_an_arn_is_looked_up(aws: Aws) -> None:
    """The job is found by its name."""
    aws.front.meet(CREATE, edited(jobArn=None))
    stack = aws.stack()
    assert stack.deploy({"Job": properties()}) == "CREATE_COMPLETE"
    assert stack.resources["Job"].physical_id == aws.bedrock.jobs[0].arn


def deploy_without_answer(aws: Aws, stack: Stack, template: Mapping[str, Any] = OLD) -> None:
    """Leave a stack whose Create made a job and could not tell; the next deployment has the same request id."""
    aws.endpoint.always, aws.function.retry_delays = 403, ()
    assert stack.deploy(template, sibling_fails=aws.endpoint.received, rollback=False) == "CREATE_FAILED"
    aws.function.settle()
    aws.endpoint.always = None
