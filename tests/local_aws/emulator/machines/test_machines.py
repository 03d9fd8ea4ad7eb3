"""A state machine that looks again and again, by a function whose role it has: what it may, and what ends it."""

import json
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local_aws.conftest import ACCOUNT, REGION, LocalAws, Statement, allow, policy
from tests.local_aws.emulator.cloudformation.recorder import Stack

PATIENCE_SECONDS = 60
ENDED = {"SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"}

# Counts its looks, and is over at the third.
LOOK = """
import boto3, time
table = boto3.resource("dynamodb").Table("TABLE")
def handler(event, context):
    key = {"Job": event["look"]["Job"], "Wait": event["look"]["Wait"]}
    add = {"UpdateExpression": "ADD Looks :one", "ExpressionAttributeValues": {":one": 1}, "ReturnValues": "ALL_NEW"}
    looks = table.update_item(Key=key, **add)["Attributes"]["Looks"]
    time.sleep(event["look"].get("Slow", 0))
    return {**event, "over": looks >= event["look"]["Looks"]}
"""
DEFINITION = {
    "StartAt": "Pause",
    "TimeoutSeconds": 50000,
    "States": {
        "Pause": {"Type": "Wait", "SecondsPath": "$.seconds", "Next": "Look"},
        "Look": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {
                "FunctionName.$": "$.function",
                "Payload": {"function.$": "$.function", "look.$": "$.look", "seconds": 0},
            },
            "OutputPath": "$.Payload",
            "TimeoutSeconds": 900,
            "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": None, "Next": "Pause"}],
            "Next": "Over",
        },
        "Over": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.over", "BooleanEquals": True, "Next": "Done"}],
            "Default": "Pause",
        },
        "Done": {"Type": "Succeed"},
    },
}


def trust(*services: str, **condition: Any) -> dict[str, Any]:
    statements = [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": each}, "Condition": condition}
        for each in services
    ]
    return {"Version": "2012-10-17", "Statement": statements}


BOTH = trust("lambda.amazonaws.com", "states.amazonaws.com", StringEquals={"aws:SourceAccount": ACCOUNT})
# Lambda does not say whose function it is for.
BOTH["Statement"][0].pop("Condition")


@dataclass
class Room:
    """A function, its table and its machine, all of one stack and with one role."""

    aws: LocalAws
    trusted: dict[str, Any] = field(default_factory=lambda: BOTH)
    may_invoke: bool = True
    timeout: int = 50000
    name: str = field(default_factory=lambda: f"room-{uuid.uuid4().hex}")

    def __post_init__(self) -> None:
        self.stack, self.status = Stack.create(self.aws, **self._resources())

    @property
    def table(self) -> str:
        return f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{self.name}"

    @property
    def function(self) -> str:
        return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{self.name}"

    @property
    def machine(self) -> str:
        return f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:{self.name}"

    def start(self, looks: int = 3, client: Any = None, name: str = "one", **look: Any) -> str:
        given = {"Job": name, "Wait": "w", "Looks": looks, **look}
        given_all = {"function": self.function, "look": given, "seconds": 0, "over": False}
        states = client or self.aws.client("stepfunctions")
        started = states.start_execution(stateMachineArn=self.machine, name=name, input=json.dumps(given_all))
        return str(started["executionArn"])

    def looks(self, name: str = "one") -> int:
        key = {"Job": {"S": name}, "Wait": {"S": "w"}}
        found = self.aws.client("dynamodb").get_item(TableName=self.name, Key=key).get("Item")
        return int(found["Looks"]["N"]) if found else 0

    def end(self, execution: str) -> dict[str, Any]:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            found: dict[str, Any] = self.aws.client("stepfunctions").describe_execution(executionArn=execution)
            if found["status"] in ENDED:
                return found
            time.sleep(0.05)
        pytest.fail(f"{found['status']}: {self.errors(execution)}")

    def errors(self, execution: str) -> list[tuple[str, str]]:
        found = self.aws.client("stepfunctions").get_execution_history(executionArn=execution)["events"]
        failed = [each["taskFailedEventDetails"] for each in found if each["type"] == "TaskFailed"]
        return [(each["error"], each["cause"]) for each in failed]

    def wait_for_errors(self, execution: str, count: int) -> list[tuple[str, str]]:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while len(found := self.errors(execution)) < count:
            assert time.monotonic() < deadline, found
            time.sleep(0.05)
        return found

    def _resources(self) -> dict[str, Any]:
        statements: list[Statement] = [allow("dynamodb:UpdateItem", self.table)]
        if self.may_invoke:
            statements.append(allow("lambda:InvokeFunction", self.function))
        role = {
            "AssumeRolePolicyDocument": self.trusted,
            "Policies": [{"PolicyName": "p", "PolicyDocument": json.loads(policy(*statements))}],
        }
        key = (("Job", "HASH"), ("Wait", "RANGE"))
        table = {
            "TableName": self.name,
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": each, "AttributeType": "S"} for each, _ in key],
            "KeySchema": [{"AttributeName": each, "KeyType": kind} for each, kind in key],
            "TimeToLiveSpecification": {"AttributeName": "Expires", "Enabled": True},
        }
        role_arn = {"Fn::GetAtt": ["Role", "Arn"]}
        function = {
            "FunctionName": self.name,
            "Runtime": "python3.13",
            "Handler": "index.handler",
            "Role": role_arn,
            "Timeout": 60,
            "Code": {"ZipFile": LOOK.replace("TABLE", self.name)},
        }
        definition = {**DEFINITION, "TimeoutSeconds": self.timeout}
        machine = {"StateMachineName": self.name, "RoleArn": role_arn, "Definition": definition}
        return {
            "Role": {"Type": "AWS::IAM::Role", "Properties": role},
            "Table": {"Type": "AWS::DynamoDB::Table", "Properties": table},
            "Function": {"Type": "AWS::Lambda::Function", "Properties": function},
            "Machine": {"Type": "AWS::StepFunctions::StateMachine", "Properties": machine},
        }


@pytest.fixture(scope="module")
def room(aws: LocalAws) -> Room:
    return Room(aws)


def test_it_looks_until_it_is_over(room: Room) -> None:
    assert room.status == "CREATE_COMPLETE"
    assert room.end(room.start())["status"] == "SUCCEEDED"
    assert room.looks() == 3


def test_a_function_that_fails_is_looked_for_again(room: Room) -> None:
    execution = room.start(name="bad", Slow="no number")
    room.wait_for_errors(execution, 2)
    room.aws.client("stepfunctions").stop_execution(executionArn=execution)
    assert room.end(execution)["status"] == "ABORTED"


def test_what_its_role_may_not_it_may_not(aws: LocalAws) -> None:
    room = Room(aws, may_invoke=False)
    execution = room.start()
    error, cause = room.wait_for_errors(execution, 1)[0]
    assert error == "Lambda.AWSLambdaException"
    assert f"is not authorized to perform: lambda:InvokeFunction on resource: {room.function}" in cause
    began = time.monotonic()
    room.stack.delete()
    assert time.monotonic() - began < PATIENCE_SECONDS


@pytest.mark.parametrize(
    "trusted",
    [
        trust("lambda.amazonaws.com"),
        trust("lambda.amazonaws.com", "states.amazonaws.com", StringEquals={"aws:SourceAccount": "111122223333"}),
    ],
)
def test_a_role_that_does_not_trust_it_makes_none(aws: LocalAws, trusted: dict[str, Any]) -> None:
    room = Room(aws, trusted=trusted)
    assert room.status == "ROLLBACK_COMPLETE"
    assert "is authorized to assume the provided role" in room.stack.told("Machine")[1][1]


def test_who_may_not_start_it_is_refused(room: Room) -> None:
    other, one = (room.aws.user(allow("states:StartExecution", each)) for each in (f"{room.machine}2", room.machine))
    with pytest.raises(ClientError, match="AccessDenied"):
        room.start(client=room.aws.client("stepfunctions", other), name="refused")
    room.start(client=room.aws.client("stepfunctions", one), name="allowed")


def test_a_name_is_taken_once_and_the_same_again_is_the_same_while_it_runs(room: Room) -> None:
    execution = room.start(name="twice", looks=10**6)
    assert room.start(name="twice", looks=10**6) == execution
    with pytest.raises(ClientError, match="ExecutionAlreadyExists"):
        room.start(name="twice", looks=1)
    room.aws.client("stepfunctions").stop_execution(executionArn=execution)
    with pytest.raises(ClientError, match="ExecutionAlreadyExists"):
        room.start(name="twice", looks=10**6)


def test_its_executions_end_with_its_stack(aws: LocalAws) -> None:
    room = Room(aws)
    execution = room.start(looks=10**6)
    time.sleep(1)
    room.stack.delete()
    assert room.end(execution)["status"] == "ABORTED"


def test_an_execution_ends_with_its_time(aws: LocalAws) -> None:
    room = Room(aws, timeout=2)
    given = {"function": room.function, "look": {}, "seconds": 3600, "over": False}
    started = aws.client("stepfunctions").start_execution(stateMachineArn=room.machine, input=json.dumps(given))
    assert room.end(started["executionArn"])["status"] == "TIMED_OUT"
