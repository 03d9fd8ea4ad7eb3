"""Create and Update: a job whose role is so young that Bedrock accepts the job and refuses the role later."""

from datetime import timedelta
from typing import Any

import pytest

from bedrock_local.bedrock.jobs.status import Status

from .aws import Aws, properties
from .bedrock import Life
from .replies import Hold, after, before, healthy
from .stack import Stack
from .templates import OLD

CREATE, GET, DESCRIBE = "CreateModelInvocationJob", "GetModelInvocationJob", "DescribeStackResource"
YOUNG = Life((Status.VALIDATING, Status.FAILED), "Could not validate GetObject permissions to access S3 bucket")


def wish(**changes: Any) -> dict[str, Any]:
    return {"Job": {**properties(**changes), "RoleOfStack": True}}


@pytest.fixture(autouse=True)
def haste(aws: Aws) -> None:
    """The function waits a quarter of a minute before it submits again."""
    aws.function.speed = 60


def became(aws: Aws) -> list[str]:
    """What has become of each job, oldest first."""
    return ["live" if job in aws.bedrock.live else str(job.status) for job in aws.bedrock.jobs]


@pytest.mark.in_several_ways
@pytest.mark.parametrize(
    "message",
    [
        YOUNG.message,
        "Amazon S3 perms missing (PutObject)",
        "Customer doesn't have permissions to invokeModel",
        "Could not assume provided IAM role",
        "The role is not authorized to perform: kms:Decrypt",
        "Access Denied (Service: Amazon S3; Status Code: 403; Error Code: AccessDenied)",
    ],
)
def test_C32_a_job_of_a_young_role_is_submitted_once_more(aws: Aws, message: str) -> None:
    """Whatever the words are, a second job is made under the request's digest and -2; the stack stands for that."""
    aws.bedrock.lives = [Life(YOUNG.path, message)]
    stack = aws.stack()
    assert stack.deploy(wish()) == "CREATE_COMPLETE", stack.reasons
    first, second = aws.bedrock.jobs
    assert became(aws) == ["Failed", "live"]
    assert second.name == f"{first.name[:-2]}-2"
    assert second.request["clientRequestToken"] == f"{first.request['clientRequestToken']}-2"
    assert stack.resources["Job"].physical_id == stack.resources["Job"].data["JobArn"] == second.arn
    assert stack.destroy() == "DELETE_COMPLETE"
    assert aws.bedrock.statuses == ["Failed", "Stopped"]


def test_C32_there_is_no_third_job(aws: Aws) -> None:
    """The second fails as well: the deployment fails with its ARN and Bedrock's words; nothing is submitted again."""
    aws.bedrock.life = YOUNG
    stack = aws.stack()
    assert stack.deploy(wish()) == "ROLLBACK_COMPLETE"
    assert aws.bedrock.jobs[1].arn in stack.reasons[0]
    assert YOUNG.message in stack.reasons[0]
    assert aws.bedrock.statuses == ["Failed", "Failed"]
    assert aws.cloudformation.requests[-1]["PhysicalResourceId"] == aws.bedrock.jobs[1].arn


def test_C32_an_update_has_a_second_try_as_well(aws: Aws) -> None:
    """What the new job needs may be in a policy of this very update; the old job is stopped when the second runs."""
    stack = aws.stack()
    assert stack.deploy(wish()) == "CREATE_COMPLETE"
    aws.bedrock.lives = [YOUNG]
    assert stack.deploy(wish(modelId="amazon.nova-pro-v1:0")) == "UPDATE_COMPLETE", stack.reasons
    assert became(aws) == ["Stopped", "Failed", "live"]


@pytest.mark.in_several_ways
@pytest.mark.parametrize("made", [False, True], ids=["before it is made", "after it was made"])
def test_C33_a_function_killed_at_the_second_try_finds_what_there_is(aws: Aws, *, made: bool) -> None:
    """The second delivery finds the first job, and the second one or none; there are two in the end."""
    aws.bedrock.lives = [YOUNG]
    aws.front.meet(CREATE, healthy, after(aws.function.kill) if made else lambda _: aws.function.kill())
    stack = aws.stack()
    assert stack.deploy(wish()) == "CREATE_COMPLETE", stack.reasons
    assert became(aws) == ["Failed", "live"]
    assert stack.resources["Job"].physical_id == aws.bedrock.jobs[1].arn
    assert [each.error for each in aws.function.invocations] == ["killed", None]


@pytest.mark.in_several_ways
def test_C33_a_delivery_after_the_second_try_answers_the_same(aws: Aws) -> None:
    """It finds the second job by its name, also where Bedrock has forgotten the token; there is no third."""
    aws.bedrock.lives = [YOUNG]
    aws.stack().deploy(wish())
    aws.bedrock.forget()
    (event,) = aws.cloudformation.requests
    aws.cloudformation.note(event["StackId"], "Job", "CREATE_IN_PROGRESS", "")
    assert aws.function.invoke(event).error is None
    first, second = aws.endpoint.answers(event["RequestId"])
    assert first["PhysicalResourceId"] == second["PhysicalResourceId"] == aws.bedrock.jobs[1].arn
    assert became(aws) == ["Failed", "live"]


def test_C33_two_deliveries_at_the_same_time_make_two_jobs(aws: Aws) -> None:
    """Both see the first job fail and ask with the same token; there is no third."""
    aws.bedrock.lives = [YOUNG]
    aws.function.copies = 2
    stack = aws.stack()
    assert stack.deploy(wish()) == "CREATE_COMPLETE", stack.reasons
    aws.function.settle()
    assert became(aws) == ["Failed", "live"]


@pytest.mark.parametrize(
    ("template", "life"),
    [
        (OLD, YOUNG),
        (wish(clientRequestToken="nightly-1"), YOUNG),
        (wish(), Life(YOUNG.path, "Batch job contains less records (3) than the required minimum of: 100")),
        (wish(), Life(YOUNG.path, "Could not validate the input: line 3 is no JSON")),
        (wish(), Life(YOUNG.path)),
    ],
    ids=["a role of others", "a token of the user's", "too few records", "bad input", "no words"],
)
def test_C34_a_job_that_failed_otherwise_is_not_submitted_again(aws: Aws, template: Any, life: Life) -> None:
    """Its role was there before, its token has been used up, or Bedrock names another cause: one job, which is told."""
    aws.bedrock.life = life
    stack = aws.stack()
    assert stack.deploy(template) == "ROLLBACK_COMPLETE"
    assert aws.bedrock.jobs[0].arn in stack.reasons[0]
    assert len(aws.front.of(CREATE)) == 1


def test_C34_a_job_that_failed_late_is_not_submitted_again(aws: Aws) -> None:
    """After more than ten minutes its role is not young any more."""
    aws.bedrock.life = YOUNG

    def late(exchange: Any) -> Any:
        if aws.bedrock.jobs[0].ended:
            aws.bedrock.jobs[0].submit_time -= timedelta(seconds=601)
            aws.front.always(GET, lambda again: again.commit())
        return exchange.commit()

    aws.front.always(GET, late)
    stack = aws.stack()
    assert stack.deploy(wish()) == "ROLLBACK_COMPLETE"
    assert aws.bedrock.statuses == ["Failed"]


def test_C34_a_create_that_was_given_up_makes_no_second_job(aws: Aws) -> None:
    """Another resource fails while the job does: nobody waits for a second one."""
    aws.bedrock.life, aws.function.speed = YOUNG, 4
    hold, stack = Hold(), aws.stack()
    aws.front.meet(DESCRIBE, healthy, before(hold))
    assert stack.deploy(wish(), sibling_fails=hold.reached) == "ROLLBACK_COMPLETE"
    hold.release.set()
    aws.function.settle()
    assert aws.bedrock.statuses == ["Failed"]
    assert len(aws.front.of(CREATE)) == 1


@pytest.mark.in_several_ways
@pytest.mark.parametrize("known", ["none", "first", "second"])
def test_D24_a_create_that_has_come_half_way_is_deleted(aws: Aws, known: str) -> None:
    """The function dies when the second job has been made: whichever id the Delete has, that job is stopped."""
    stack = half_a_create(aws)
    first, second = aws.bedrock.jobs
    stack.resources["Job"].physical_id = {"none": "Stack0-Job-1TRM0O8K2ZQ7V", "first": first.arn, "second": second.arn}[
        known
    ]
    assert stack.destroy() == "DELETE_COMPLETE"
    assert aws.bedrock.statuses == ["Failed", "Stopped"]


def half_a_create(aws: Aws) -> Stack:
    """Leave a stack whose Create made a second job and could not tell."""
    aws.bedrock.lives = [YOUNG]
    aws.endpoint.always, aws.function.retry_delays = 403, ()
    stack = aws.stack()
    assert stack.deploy(wish(), sibling_fails=aws.endpoint.received, rollback=False) == "CREATE_FAILED"
    aws.function.settle()
    aws.endpoint.always = None
    assert became(aws) == ["Failed", "live"]
    return stack
