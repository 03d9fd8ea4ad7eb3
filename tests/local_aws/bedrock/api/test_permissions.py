"""Who may call what: decided by the policies, never by us."""

import urllib.error
import urllib.request
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local_aws.conftest import (
    ACCOUNT,
    JOBS_ARN,
    MODEL,
    MODEL_ARN,
    LocalAws,
    Statement,
    allow,
)

ROLE = f"arn:aws:iam::{ACCOUNT}:role/service"
CREATE = "bedrock:CreateModelInvocationJob"
MAY_CREATE = allow(CREATE, JOBS_ARN, MODEL_ARN)
MAY_PASS = allow("iam:PassRole", ROLE, StringEquals={"iam:PassedToService": "bedrock.amazonaws.com"})


def create(aws: LocalAws, *statements: Statement, **changes: Any) -> str:
    bedrock = aws.client("bedrock", aws.user(*statements))
    return str(bedrock.create_model_invocation_job(**aws.request(roleArn=ROLE, **changes))["jobArn"])


def denied(error: pytest.ExceptionInfo[ClientError], action: str, resource: str) -> bool:
    response = error.value.response
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 403
    assert response["Error"]["Code"] == "AccessDeniedException"
    message = response["Error"]["Message"]
    assert message.startswith(f"User: arn:aws:iam::{ACCOUNT}:user/")
    return message.endswith(
        f" is not authorized to perform: {action} on resource: {resource} "
        f"because no identity-based policy allows the {action} action"
    )


def test_narrow_policies_are_enough_to_create(aws: LocalAws) -> None:
    assert create(aws, MAY_CREATE, MAY_PASS)


def test_without_create_a_caller_is_refused(aws: LocalAws) -> None:
    with pytest.raises(ClientError) as error:
        create(aws, MAY_PASS)
    assert denied(error, CREATE, JOBS_ARN)


def test_without_create_on_the_model_a_caller_is_refused(aws: LocalAws) -> None:
    with pytest.raises(ClientError) as error:
        create(aws, allow(CREATE, JOBS_ARN), MAY_PASS)
    assert denied(error, CREATE, MODEL_ARN)


def test_without_create_on_the_profile_a_caller_is_refused(aws: LocalAws) -> None:
    with pytest.raises(ClientError) as error:
        create(aws, MAY_CREATE, MAY_PASS, modelId=f"us.{MODEL}")
    assert denied(error, CREATE, f"arn:aws:bedrock:us-east-1:{ACCOUNT}:inference-profile/us.{MODEL}")


@pytest.mark.parametrize("passing", [(), (allow("iam:PassRole", ROLE, StringEquals={"iam:PassedToService": "ec2"}),)])
def test_without_pass_role_to_bedrock_a_caller_is_refused(aws: LocalAws, passing: tuple[Statement, ...]) -> None:
    with pytest.raises(ClientError) as error:
        create(aws, MAY_CREATE, *passing)
    assert denied(error, "iam:PassRole", ROLE)


def test_an_explicit_deny_wins(aws: LocalAws) -> None:
    deny = {"Effect": "Deny", "Action": "iam:PassRole", "Resource": "*"}
    with pytest.raises(ClientError, match="with an explicit deny in an identity-based policy"):
        create(aws, MAY_CREATE, MAY_PASS, deny)


def test_a_role_of_another_account_cannot_be_passed(aws: LocalAws) -> None:
    with pytest.raises(ClientError, match="Cross-account pass role is not allowed"):
        aws.bedrock.create_model_invocation_job(**aws.request(roleArn="arn:aws:iam::111122223333:role/r"))


def test_tags_at_creation_need_tag_resource_and_show_in_conditions(aws: LocalAws) -> None:
    tags = [{"key": "team", "value": "blue"}]
    with pytest.raises(ClientError) as error:
        create(aws, MAY_CREATE, MAY_PASS, tags=tags)
    assert denied(error, "bedrock:TagResource", JOBS_ARN)
    blue = allow("bedrock:TagResource", JOBS_ARN, StringEquals={"aws:RequestTag/team": "blue"})
    assert create(aws, MAY_CREATE, MAY_PASS, blue, tags=tags)


def test_get_and_stop_are_authorized_on_the_job(idle_aws: LocalAws) -> None:
    allowed, other = (create(idle_aws, MAY_CREATE, MAY_PASS) for _ in range(2))
    actions = ["bedrock:GetModelInvocationJob", "bedrock:StopModelInvocationJob"]
    bedrock = idle_aws.client("bedrock", idle_aws.user(allow(actions, allowed)))
    operations = (bedrock.get_model_invocation_job, bedrock.stop_model_invocation_job)
    for action, operation in zip(actions, operations, strict=True):
        with pytest.raises(ClientError) as error:
            operation(jobIdentifier=other)
        assert denied(error, action, other)
        operation(jobIdentifier=allowed)
    assert idle_aws.end(allowed)["status"] == "Stopped"


def test_a_condition_on_the_tags_of_a_job_counts(aws: LocalAws) -> None:
    tagged = aws.bedrock.create_model_invocation_job(**aws.request(tags=[{"key": "team", "value": "blue"}]))["jobArn"]
    plain = aws.bedrock.create_model_invocation_job(**aws.request())["jobArn"]
    blue = allow("bedrock:GetModelInvocationJob", "*", StringEquals={"aws:ResourceTag/team": "blue"})
    bedrock = aws.client("bedrock", aws.user(blue))
    assert bedrock.get_model_invocation_job(jobIdentifier=tagged)["jobArn"] == tagged
    with pytest.raises(ClientError, match="GetModelInvocationJob"):
        bedrock.get_model_invocation_job(jobIdentifier=plain)


def test_list_is_authorized_on_everything(aws: LocalAws) -> None:
    with pytest.raises(ClientError) as error:
        aws.client("bedrock", aws.user(allow("bedrock:ListModelInvocationJobs", JOBS_ARN))).list_model_invocation_jobs()
    assert denied(error, "bedrock:ListModelInvocationJobs", "*")
    aws.client("bedrock", aws.user(allow("bedrock:ListModelInvocationJobs", "*"))).list_model_invocation_jobs()


def test_a_wrong_signature_is_refused(aws: LocalAws) -> None:
    key, _ = aws.user(allow("bedrock:*", "*"))
    with pytest.raises(ClientError) as error:
        aws.client("bedrock", (key, "wrong")).list_model_invocation_jobs()
    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


def test_an_unsigned_request_is_refused(aws: LocalAws) -> None:
    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(f"{aws.url}/model-invocation-jobs")  # noqa: S310 -- loopback
    assert error.value.code == 403
    assert "The request is not signed" in error.value.read().decode()
