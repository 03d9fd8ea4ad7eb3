"""The emulator's own paths: each that the installed emulator has is known here, and only two kinds are open."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from ministack import __file__ as ministack

from bedrock_local.running import RunningAws
from tests.local_aws.conftest import ACCOUNT
from tests.local_aws.processes import eventually

from .calls import Call

METHODS = ("GET", "POST", "PUT", "DELETE", "HEAD", "PATCH")
# Text that begins as a path of its own would.
INTERNAL = re.compile(r"/_[a-z]+(?:/[\w.-]+)*/?|/health")

OPEN = {"/_ministack/cfn-response/", "/_ministack/cfn-signal/"}
CLOSED = {
    "/health",
    "/_alb",
    "/_alb/",
    "/_aws/execute-api/",
    "/_aws/lambda-url/",
    "/_dashboards",
    "/_localstack/",
    "/_localstack/health",
    "/_ministack/config",
    "/_ministack/eks-auth/",
    "/_ministack/elasticache/ca.pem",
    "/_ministack/health",
    "/_ministack/iot/ca.pem",
    "/_ministack/lambda-code/",
    "/_ministack/lambda-layers/",
    "/_ministack/rds/ca.pem",
    "/_ministack/rds/iam-auth",
    "/_ministack/ready",
    "/_ministack/reset",
    "/_ministack/ses/messages",
    "/_ministack/sns/sms-messages",
    "/_ministack/sqs/messages",
    "/_ministack/transfer/sftp-ports",
}


def literals() -> Iterator[str]:
    """Yield the internal paths in the emulator's source: text, also in pieces, but no sentence and no docstring."""
    for file in Path(ministack).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and "\n" not in node.value:
                found = re.search(r"(?<![\w.])(?:/_[a-z]|/health\b)\S*", node.value)
                path = found and INTERNAL.match(found[0])
                if path:
                    yield path[0]


def test_every_path_of_the_installed_emulator_is_known() -> None:
    found = set(literals())
    assert found - OPEN - CLOSED == set(), "the emulator has new paths: open or close them in gate/paths.py, and here"
    assert (OPEN | CLOSED) - found == set(), "the emulator has these no more"


@pytest.mark.parametrize("path", sorted(CLOSED))
def test_a_closed_path_is_closed_whoever_signs(aws: RunningAws, path: str) -> None:
    for method in METHODS:
        for tail in ("", "a/b/c") if path.endswith("/") else ("", "?init=1"):
            call = Call(f"{path}{tail}", method, service="sts")
            assert call.status(aws) == 403, (method, tail)
            assert call.signed(aws, ACCOUNT, aws.secret).status(aws) == 403, (method, tail)
            assert call.presigned(aws, ACCOUNT, aws.secret).status(aws) == 403, (method, tail)


@pytest.mark.parametrize(
    "path", ["/%5fministack/reset", "/_ministack%2freset", "/_MINISTACK/reset", "//_ministack/reset"]
)
def test_another_spelling_is_no_way_around(aws: RunningAws, path: str) -> None:
    aws.client("s3").create_bucket(Bucket="still-there")
    try:
        assert Call(path, "POST").status(aws) == 403
        assert "still-there" in [each["Name"] for each in aws.client("s3").list_buckets()["Buckets"]]
    finally:
        aws.client("s3").delete_bucket(Bucket="still-there")


TEMPLATE = {
    "Resources": {
        "Handle": {"Type": "AWS::CloudFormation::WaitConditionHandle"},
        "Wait": {
            "Type": "AWS::CloudFormation::WaitCondition",
            "Properties": {"Handle": {"Ref": "Handle"}, "Timeout": "60"},
            "DependsOn": "Handle",
        },
    },
    "Outputs": {"Handle": {"Value": {"Ref": "Handle"}}, "Data": {"Value": {"Fn::GetAtt": ["Wait", "Data"]}}},
}


def handle(aws: RunningAws) -> str:
    resources = aws.client("cloudformation").describe_stack_resources(StackName="waits")["StackResources"]
    return next((each.get("PhysicalResourceId", "") for each in resources if each["LogicalResourceId"] == "Handle"), "")


def test_a_signal_arrives(aws: RunningAws) -> None:
    cloudformation = aws.client("cloudformation")
    cloudformation.create_stack(StackName="waits", TemplateBody=json.dumps(TEMPLATE))
    assert eventually(lambda: handle(aws))
    signal = {"Status": "SUCCESS", "Reason": "there", "UniqueId": "1", "Data": "told"}
    assert Call(handle(aws).removeprefix(aws.endpoint_url), "PUT", body=json.dumps(signal).encode()).status(aws) == 200
    cloudformation.get_waiter("stack_create_complete").wait(
        StackName="waits", WaiterConfig={"Delay": 1, "MaxAttempts": 30}
    )
    outputs = cloudformation.describe_stacks(StackName="waits")["Stacks"][0]["Outputs"]
    data = {each["OutputKey"]: each["OutputValue"] for each in outputs}["Data"]
    assert json.loads(data) == {"1": "told"}


@pytest.mark.parametrize("path", sorted(OPEN))
def test_cloudformations_paths_take_an_answer_and_nothing_else(aws: RunningAws, path: str) -> None:
    answer = Call(f"{path}no-such-token", "PUT", body=b"{}")
    # What there is to answer for is the emulator's to say.
    assert answer.status(aws) in {200, 404}
    for method in METHODS:
        if method != "PUT":
            assert Call(answer.path, method).status(aws) == 403
    for body in (b"[1]", b"no JSON", b"\xff", b"[" * 4000, b" " * 4096):
        assert Call(answer.path, "PUT", body=body).status(aws) in {200, 400, 404}, body
    assert Call(answer.path, "PUT", body=b" " * 4097).status(aws) == 413
