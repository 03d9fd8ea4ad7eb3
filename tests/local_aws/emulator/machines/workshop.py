"""Machines of any definition, and a function that does what a bucket tells it."""

import json
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.faults.s3 import zipped
from tests.local_aws.conftest import ACCOUNT, REGION, LocalAws, allow

PATIENCE_SECONDS = 60
ENDED = {"SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"}
NONE = {"Type": "Pass", "End": True}

# It writes down each call, and then does what it is told: nothing, an answer, a failure, or no end.
WORKER = """
import boto3, json, time, uuid
s3, states = boto3.client("s3"), boto3.client("stepfunctions")
def handler(event, context):
    name, bucket = event["name"], "BUCKET"
    s3.put_object(Bucket=bucket, Key=f"calls/{name}/{uuid.uuid4().hex}", Body=json.dumps(event))
    found = s3.list_objects_v2(Bucket=bucket, Prefix=f"told/{name}/").get("Contents", [])
    told = json.loads(s3.get_object(Bucket=bucket, Key=found[0]["Key"])["Body"].read()) if found else {}
    if "answer" in told:
        states.send_task_success(taskToken=event["token"], output=json.dumps(told["answer"]))
    time.sleep(told.get("seconds", 0))
    if "error" in told:
        raise type(told["error"], (Exception,), {})("as told")
    return {"name": name, "padding": "x" * told.get("padding", 0)}
"""


@dataclass
class Workshop:
    aws: LocalAws
    name: str = field(default_factory=lambda: f"workshop-{uuid.uuid4().hex}")

    def __post_init__(self) -> None:
        self.bucket = self.aws.bucket()
        answers = [f"states:SendTask{each}" for each in ("Success", "Failure", "Heartbeat")]
        machines = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:*"
        role = self.role("lambda.amazonaws.com", allow("s3:*", "*"), allow(answers, machines))
        self.function = self.aws.client("lambda").create_function(
            FunctionName=self.name,
            Runtime="python3.13",
            Handler="index.handler",
            Role=role,
            Timeout=60,
            Code={"ZipFile": zipped({"index.py": WORKER.replace("BUCKET", self.bucket).encode()})},
        )["FunctionArn"]

    @property
    def states(self) -> Any:
        return self.aws.client("stepfunctions")

    def role(self, service: str, *statements: Any) -> str:
        trusted = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
        return self.aws.role(*statements, trusted=trusted)

    def machine(self, states: dict[str, Any], *, without: str = "", **more: Any) -> str:
        """Make a machine that begins with the first of its states, and whose role has all that it needs."""
        name, place = uuid.uuid4().hex, f"arn:aws:states:{REGION}:{ACCOUNT}"
        needs = [
            allow("lambda:InvokeFunction", self.function),
            allow("kms:Decrypt", f"arn:aws:kms:{REGION}:{ACCOUNT}:key/*"),
            allow("s3:GetObject", f"arn:aws:s3:::{self.bucket}/*"),
            allow("s3:ListBucket", f"arn:aws:s3:::{self.bucket}"),
            allow("states:StartExecution", f"{place}:stateMachine:{name}"),
            *(allow(f"states:{each}Execution", f"{place}:execution:{name}:*") for each in ("Describe", "Stop")),
            allow("states:RedriveExecution", f"{place}:execution:{name}/*:*"),
        ]
        role = self.role("states.amazonaws.com", *(each for each in needs if each["Action"] != without))
        made = self.states.create_state_machine(name=name, roleArn=role, definition=definition(states, **more))
        return str(made["stateMachineArn"])

    def task(self, *, waits: bool = False, **more: Any) -> dict[str, Any]:
        """Make a Task that calls the function with the name in its input, and with a token if it waits."""
        payload = {"name.$": "$.name", **({"token.$": "$$.Task.Token"} if waits else {})}
        return {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke" + (".waitForTaskToken" if waits else ""),
            "Parameters": {"FunctionName": self.function, "Payload": payload},
            **({} if "Next" in more else {"End": True}),
            **more,
        }

    def start(self, machine: str, given: Any) -> str:
        return str(self.states.start_execution(stateMachineArn=machine, input=json.dumps(given))["executionArn"])

    def run(self, states: dict[str, Any], given: Any, **more: Any) -> dict[str, Any]:
        return self.end(self.start(self.machine(states, **more), given))

    def end(self, execution: str) -> dict[str, Any]:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            found: dict[str, Any] = self.states.describe_execution(executionArn=execution)
            if found["status"] in ENDED:
                return found
            time.sleep(0.05)
        pytest.fail(f"{found['status']}: {self.history(execution)}")

    def history(self, execution: str) -> list[dict[str, Any]]:
        events: list[dict[str, Any]] = self.states.get_execution_history(executionArn=execution, maxResults=1000)[
            "events"
        ]
        return events

    def kinds(self, execution: str) -> list[str]:
        return [each["type"] for each in self.history(execution)]

    def tell(self, name: str, **told: Any) -> None:
        """Tell the function what to do, from now on, for a name."""
        self.aws.client("s3").put_object(Bucket=self.bucket, Key=f"told/{name}/", Body=json.dumps(told))

    def calls(self, name: str, least: int = 0) -> list[dict[str, Any]]:
        """Return what the function was called with for a name, once it was called at least some times."""
        s3, deadline = self.aws.client("s3"), time.monotonic() + PATIENCE_SECONDS
        while True:
            found = s3.list_objects_v2(Bucket=self.bucket, Prefix=f"calls/{name}/").get("Contents", [])
            if len(found) >= least:
                ordered = sorted(found, key=lambda each: each["LastModified"])
                return [json.loads(self.aws.read(self.bucket, each["Key"])) for each in ordered]
            assert time.monotonic() < deadline, f"{len(found)} calls of {name}"
            time.sleep(0.05)

    def map_run(self, execution: str) -> dict[str, Any]:
        (run,) = self.states.list_map_runs(executionArn=execution)["mapRuns"]
        described: dict[str, Any] = self.states.describe_map_run(mapRunArn=run["mapRunArn"])
        return described

    def children(self, execution: str) -> list[dict[str, Any]]:
        run = self.map_run(execution)["mapRunArn"]
        found = self.states.list_executions(mapRunArn=run)["executions"]
        return [self.states.describe_execution(executionArn=each["executionArn"]) for each in found]


def definition(states: dict[str, Any], **more: Any) -> str:
    return json.dumps({"StartAt": next(iter(states)), "States": states, **more})


def distributed(states: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Make a Distributed Map that does the same with each item."""
    processor = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}}
    return {
        "Type": "Map",
        "ItemProcessor": {**processor, "StartAt": next(iter(states)), "States": states},
        **({} if "Next" in more else {"End": True}),
        **more,
    }


def names(many: int) -> Sequence[dict[str, str]]:
    """Make items of which the function has not heard."""
    return [{"name": uuid.uuid4().hex} for _ in range(many)]
