"""A policy that names what a request names is enough, and one that names another is not."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local_aws.conftest import ACCOUNT, REGION, LocalAws, allow

GROUP = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/of/mine"
PARAMETERS = f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter"
OIDC = f"arn:aws:iam::{ACCOUNT}:oidc-provider/example.com"

Call = Callable[[Any], object]

#: The service, what is allowed, on what, and the call.
ALLOWED: Mapping[str, tuple[str, str, list[str], Call]] = {
    "log group": (
        "logs",
        "logs:DeleteLogGroup",
        [f"{GROUP}:*"],
        lambda logs: logs.delete_log_group(logGroupName="/of/mine"),
    ),
    "log stream": (
        "logs",
        "logs:CreateLogStream",
        [f"{GROUP}:log-stream:mine"],
        lambda logs: logs.create_log_stream(logGroupName="/of/mine", logStreamName="mine"),
    ),
    "parameters": (
        "ssm",
        "ssm:GetParameters",
        [f"{PARAMETERS}/a/*", f"{PARAMETERS}/b"],
        lambda ssm: ssm.get_parameters(Names=["/a/1", "b"]),
    ),
    "path": ("ssm", "ssm:GetParametersByPath", [f"{PARAMETERS}/a"], lambda ssm: ssm.get_parameters_by_path(Path="/a")),
    "repositories": (
        "ecr",
        "ecr:DescribeRepositories",
        [f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/mine"],
        lambda ecr: ecr.describe_repositories(repositoryNames=["mine"]),
    ),
    "provider": (
        "iam",
        "iam:DeleteOpenIDConnectProvider",
        [OIDC],
        lambda iam: iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=OIDC),
    ),
    "alarms": (
        "cloudwatch",
        "cloudwatch:DeleteAlarms",
        [f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:{name}" for name in ("one", "two")],
        lambda cloudwatch: cloudwatch.delete_alarms(AlarmNames=["one", "two"]),
    ),
}
#: The same calls, where a policy allows less than they name.
TOO_LITTLE = {
    "log group": [GROUP],
    "log stream": [f"{GROUP}:log-stream:another"],
    "parameters": [f"{PARAMETERS}/a/*"],
    "path": [f"{PARAMETERS}/b"],
    "repositories": [f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/another"],
    "provider": [f"arn:aws:iam::{ACCOUNT}:oidc-provider/example.org"],
    "alarms": [f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:one"],
}


@pytest.mark.parametrize(("value", "denied"), [("yes", False), ("no", True)])
@pytest.mark.parametrize("key", ["aws:ResourceTag/Mine", "ecr:ResourceTag/Mine"])
def test_a_policy_about_tags_is_asked_about_those_of_the_resource(
    aws: LocalAws, key: str, value: str, *, denied: bool
) -> None:
    ecr, name = aws.client("ecr"), f"{key[:3]}-{value}"
    arn = ecr.create_repository(repositoryName=name, tags=[{"Key": "Mine", "Value": value}])["repository"]
    about_tags = {"StringEquals": {key: "yes"}}
    user = aws.user(allow("ecr:DescribeRepositories", arn["repositoryArn"], **about_tags))
    code = code_of(lambda client: client.describe_repositories(repositoryNames=[name]), aws.client("ecr", user))
    assert ("Denied" in code) is denied


def code_of(call: Call, client: Any) -> str:
    try:
        call(client)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return ""


@pytest.mark.parametrize("what", ALLOWED)
def test_the_policy_that_names_all_of_it_is_enough(aws: LocalAws, what: str) -> None:
    service, action, resources, call = ALLOWED[what]
    # Whether it is there is another question.
    assert "Denied" not in code_of(call, aws.client(service, aws.user(allow(action, *resources))))


@pytest.mark.parametrize("what", ALLOWED)
def test_the_policy_that_names_less_or_another_is_not(aws: LocalAws, what: str) -> None:
    service, action, _, call = ALLOWED[what]
    code = code_of(call, aws.client(service, aws.user(allow(action, *TOO_LITTLE[what]))))
    assert code in ("AccessDenied", "AccessDeniedException")
