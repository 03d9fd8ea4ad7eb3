"""The policy of a function has an end, as in Lambda: for who adds a permission, and for a stack that does."""

import json
import re
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local_aws.conftest import LocalAws, allow
from tests.local_aws.emulator.cloudformation.recorder import Stack
from tests.local_aws.seeing_functions import zipped

TRUSTED = allow("sts:AssumeRole") | {"Principal": {"Service": "lambda.amazonaws.com"}}


@pytest.fixture(scope="module")
def function(aws: LocalAws) -> str:
    role, code = aws.role(trusted=TRUSTED), {"ZipFile": zipped("index.py", "def handler(event, context): pass")}
    settings = {"Runtime": "python3.12", "Role": role, "Handler": "index.handler", "Code": code}
    aws.client("lambda").create_function(FunctionName="full", **settings)
    error = refusal(aws)
    assert error["Code"] == "PolicyLengthExceededException"
    assert re.fullmatch(r"The final policy size \(20[4-9]\d\d\) is bigger than the limit \(20480\)\.", error["Message"])
    return "full"


def refusal(aws: LocalAws) -> Any:
    """Add permissions until one is refused."""
    add = {"FunctionName": "full", "Action": "lambda:InvokeFunction", "Principal": "events.amazonaws.com"}
    for number in range(100):
        source = f"arn:aws:events:us-east-1:000000000000:rule/{'long' * 12}-{number}"
        try:
            aws.client("lambda").add_permission(**add, StatementId=f"s{number}", SourceArn=source)
        except ClientError as refused:
            return refused.response["Error"]
    pytest.fail("all of them were taken")


def policy(aws: LocalAws, **asked: Any) -> Any:
    return json.loads(aws.client("lambda").get_policy(**asked)["Policy"])


def test_what_was_refused_is_not_in_it_and_what_fits_again_is_taken(aws: LocalAws, function: str) -> None:
    lambda_, statements = aws.client("lambda"), policy(aws, FunctionName=function)["Statement"]
    assert [each["Sid"] for each in statements] == [f"s{number}" for number in range(len(statements))]
    lambda_.remove_permission(FunctionName=function, StatementId="s0")
    again = {"StatementId": "again", "Action": "lambda:InvokeFunction", "Principal": "events.amazonaws.com"}
    lambda_.add_permission(FunctionName=function, **again)


def test_a_version_has_a_policy_of_its_own(aws: LocalAws, function: str) -> None:
    lambda_ = aws.client("lambda")
    version = lambda_.publish_version(FunctionName=function)["Version"]
    add = {"Action": "lambda:InvokeFunction", "Principal": "events.amazonaws.com", "Qualifier": version}
    lambda_.add_permission(FunctionName=function, StatementId="of-the-version", **add)
    assert len(policy(aws, FunctionName=function, Qualifier=version)["Statement"]) == 1


def test_a_stack_fails_with_the_words(aws: LocalAws, function: str) -> None:
    source = f"arn:aws:events:us-east-1:000000000000:rule/{'long' * 100}"
    properties = {"FunctionName": function, "Action": "lambda:InvokeFunction", "Principal": "events.amazonaws.com"}
    permission = {"Type": "AWS::Lambda::Permission", "Properties": {**properties, "SourceArn": source}}
    stack, status = Stack.create(aws, Permission=permission)
    assert status == "ROLLBACK_COMPLETE"
    assert any("is bigger than the limit (20480)." in why for _, why in stack.told("Permission"))
