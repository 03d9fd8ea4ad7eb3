"""A resource keeps its type for as long as its logical id is in the stack."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError, WaiterError

from tests.local_aws.conftest import LocalAws
from tests.local_aws.emulator.cloudformation.recorder import Stack

REFUSED = (
    "Update of resource type is not permitted. The new template modifies resource type of the following resources: "
)


def of_type(kind: str) -> dict[str, Any]:
    return {"Type": kind, "Properties": {}}


@pytest.fixture
def stack(aws: LocalAws) -> Stack:
    made, status = Stack.create(aws, Same=of_type("AWS::SNS::Topic"), Other=of_type("AWS::SNS::Topic"))
    assert status == "CREATE_COMPLETE"
    return made


def test_an_update_to_another_type_is_refused(stack: Stack) -> None:
    with pytest.raises(ClientError) as refused:
        stack.update(Same=of_type("AWS::SQS::Queue"))
    assert refused.value.response["Error"]["Code"] == "ValidationError"
    assert refused.value.response["Error"]["Message"] == REFUSED + "[Same]"
    assert stack.settle() == "CREATE_COMPLETE"


def test_a_change_set_to_another_type_fails(aws: LocalAws, stack: Stack) -> None:
    stacks = aws.client("cloudformation")
    body = json.dumps({"Resources": {"Same": of_type("AWS::SQS::Queue"), "Other": of_type("AWS::SQS::Queue")}})
    named = {"StackName": stack.name, "ChangeSetName": "changes"}
    stacks.create_change_set(**named, TemplateBody=body)
    with pytest.raises(WaiterError):
        stacks.get_waiter("change_set_create_complete").wait(**named, WaiterConfig={"Delay": 0.1})
    found = stacks.describe_change_set(**named)
    assert (found["Status"], found["ExecutionStatus"]) == ("FAILED", "UNAVAILABLE")
    assert found["StatusReason"] == REFUSED + "[Other, Same]"


def test_the_type_may_change_with_the_logical_id(stack: Stack) -> None:
    assert stack.update(Another=of_type("AWS::SQS::Queue")) == "UPDATE_COMPLETE"
