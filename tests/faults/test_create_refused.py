"""Create: what Bedrock may say instead of yes."""

import pytest

from bedrock_local.bedrock.jobs.status import Status

from .aws import Aws, properties
from .bedrock import Life
from .front import Exchange, Response
from .replies import (
    NOT_FOUND,
    THROTTLED,
    after,
    broken_after_commit,
    edited,
    healthy,
    refused,
)

CREATE, GET, LIST = "CreateModelInvocationJob", "GetModelInvocationJob", "ListModelInvocationJobs"
STOP = "StopModelInvocationJob"
DENIED = refused(
    "AccessDeniedException",
    "User: arn:aws:sts::123456789012:assumed-role/function is not authorized to perform: "
    "bedrock:CreateModelInvocationJob on resource: arn:aws:bedrock:us-east-1:123456789012:model-invocation-job/*",
    403,
)
NAME_IN_USE = "The provided job name is currently in use"
#: By `Behaviours.name_in_use`.
CODES = {"conflict": "ConflictException", "validation": "ValidationException"}


@pytest.mark.parametrize("times", [3, 12])
def test_C12_a_throttled_create_is_tried_again(aws: Aws, times: int) -> None:
    """With the same token, also when botocore's own tries do not suffice, and one job is made."""
    aws.front.meet(CREATE, *[THROTTLED] * times)
    assert aws.stack().deploy({"Job": properties()}) == "CREATE_COMPLETE"
    assert len({call["clientRequestToken"] for call in aws.front.of(CREATE)}) == 1
    assert len(aws.bedrock.jobs) == 1


def test_C13_throttling_without_end_fails_before_the_deadline(aws: Aws) -> None:
    """The deployment fails in time and says that Bedrock throttles."""
    aws.front.always(CREATE, THROTTLED)
    # Slower than elsewhere: between the function's last try and the timer that answers for it lie two seconds of ours.
    aws.function.timeout, aws.function.speed = 60, 3
    stack = aws.stack()
    assert stack.deploy({"Job": properties()}) == "ROLLBACK_COMPLETE"
    assert "ThrottlingException" in stack.reasons[0]
    assert aws.function.invocations[0].error is None
    assert not aws.bedrock.jobs


def test_C14_an_error_after_the_job_was_made_is_no_second_job(aws: Aws) -> None:
    """botocore repeats the call with the same token and gets the job."""
    aws.front.meet(CREATE, broken_after_commit)
    stack = aws.stack()
    assert stack.deploy({"Job": properties()}) == "CREATE_COMPLETE"
    assert [job.arn for job in aws.bedrock.jobs] == [stack.resources["Job"].physical_id]


def assert_refused_at_once(aws: Aws, code: str, text: str) -> None:
    """Bedrock is asked once, its words are passed on, and the roll back finds nothing to stop."""
    aws.front.always(CREATE, refused(code, text))
    stack = aws.stack()
    assert stack.deploy({"Job": properties()}) == "ROLLBACK_COMPLETE"
    assert stack.reasons == [f"{text} ({code})"]
    assert len(aws.front.of(CREATE)) == 1
    assert not aws.front.of(STOP)


def test_C15_a_reached_quota_fails_at_once(aws: Aws) -> None:
    """Waiting does not help against a quota: one call, then Bedrock's own words."""
    assert_refused_at_once(aws, "ServiceQuotaExceededException", "You have reached the quota of 20 jobs")


def test_C16_a_right_that_is_not_everywhere_yet_is_waited_for(aws: Aws) -> None:
    """Access is denied until IAM has spread the policy; then the job is made."""
    aws.front.meet(CREATE, *[DENIED] * 4)
    assert aws.stack().deploy({"Job": properties()}) == "CREATE_COMPLETE"
    assert len(aws.bedrock.jobs) == 1


def test_C17_a_right_that_never_comes_fails_soon(aws: Aws) -> None:
    """After about a minute the deployment fails and names the action that is not allowed."""
    aws.front.always(CREATE, DENIED)
    stack = aws.stack()
    assert stack.deploy({"Job": properties()}) == "ROLLBACK_COMPLETE"
    assert "bedrock:CreateModelInvocationJob" in stack.reasons[0]
    # The pauses grow to 10 s, so these are the tries of about a minute.
    assert 3 < len(aws.front.of(CREATE)) < 15


@pytest.mark.parametrize(
    "text",
    ["The provided role cannot be assumed by Bedrock", "Could not validate GetObject permissions to access S3 bucket"],
)
def test_C18_a_role_that_bedrock_cannot_use_yet_is_waited_for(aws: Aws, text: str) -> None:
    """A new role or bucket policy that Bedrock does not see yet is tried again."""
    aws.front.meet(CREATE, *[refused("ValidationException", text)] * 2)
    assert aws.stack().deploy({"Job": properties()}) == "CREATE_COMPLETE"
    assert len(aws.bedrock.jobs) == 1


def test_C19_a_bad_model_fails_at_once(aws: Aws) -> None:
    """What the service calls invalid stays invalid: one call, then its own words."""
    assert_refused_at_once(aws, "ValidationException", "The provided model identifier is invalid")


def test_C19_a_long_refusal_is_cut_to_what_cloudformation_takes(aws: Aws) -> None:
    """The beginning of the message is kept."""
    aws.front.always(CREATE, refused("ValidationException", "The model is invalid" + "é" * 20000))
    stack = aws.stack()
    assert stack.deploy({"Job": properties()}) == "ROLLBACK_COMPLETE"
    assert stack.reasons[0].startswith("The model is invalidé")


@pytest.mark.either("name_in_use")
def test_C20_a_name_in_use_by_our_own_job_is_that_job(aws: Aws) -> None:
    """A job that List did not show yet is adopted when its name turns out to be taken."""
    aws.front.meet(LIST, healthy, edited(invocationJobSummaries=[]))
    aws.front.meet(CREATE, after(aws.function.kill), refused(CODES[aws.bedrock.behaviours.name_in_use], NAME_IN_USE))
    stack = aws.stack()
    assert stack.deploy({"Job": properties()}) == "CREATE_COMPLETE"
    assert [job.arn for job in aws.bedrock.jobs] == [stack.resources["Job"].physical_id]


@pytest.mark.either("name_in_use")
def test_C21_a_name_in_use_by_a_foreign_job_fails(aws: Aws) -> None:
    """The foreign job is neither adopted nor stopped."""

    def taken(exchange: Exchange) -> Response:
        aws.bedrock.foreign_job(exchange.call.parameters["jobName"])
        return exchange.commit()

    aws.front.meet(CREATE, taken)
    stack = aws.stack()
    assert stack.deploy({"Job": properties()}) == "ROLLBACK_COMPLETE"
    for part in ("currently in use", aws.bedrock.jobs[0].name):
        assert part in stack.reasons[0]
    assert [job.status for job in aws.bedrock.jobs] == [Status.IN_PROGRESS]
    assert not aws.front.of(STOP)


def test_C22_a_missing_key_or_model_fails_at_once(aws: Aws) -> None:
    """What does not exist is not waited for: one call, then Bedrock's own words."""
    assert_refused_at_once(aws, "ResourceNotFoundException", "The provided KMS key was not found")


def test_C23_a_job_that_cannot_be_read_yet_is_no_failure(aws: Aws) -> None:
    """Get may know nothing of a job that was just made; it is asked again."""
    aws.front.meet(GET, NOT_FOUND, NOT_FOUND)
    stack = aws.stack()
    assert stack.deploy({"Job": properties()}) == "CREATE_COMPLETE"
    assert [job.arn for job in aws.bedrock.jobs] == [stack.resources["Job"].physical_id]


def test_C24_a_job_that_fails_validation_fails_the_deployment(aws: Aws) -> None:
    """The reason holds Bedrock's message, the Delete that follows has the job's ARN, and nothing is stopped."""
    message = "Batch job contains less records (3) than the required minimum of: 100"
    aws.bedrock.life = Life((Status.VALIDATING, Status.FAILED), message)
    stack = aws.stack()
    assert stack.deploy({"Job": properties()}) == "ROLLBACK_COMPLETE"
    assert message in stack.reasons[0]
    assert aws.cloudformation.requests[-1]["PhysicalResourceId"] == aws.bedrock.jobs[0].arn
    assert not aws.front.of(STOP)
