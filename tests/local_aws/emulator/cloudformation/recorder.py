"""A function behind custom resources that writes down each request, and stacks made of such resources."""

import io
import json
import time
import urllib.request
import uuid
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from tests.local_aws.conftest import LocalAws

# Answers as its properties say. Each request is kept with what it sees of the stack and of a role then.
_HANDLER = """
import json, time, urllib.request, boto3

def policies(role):
    iam = boto3.client("iam")
    attached = iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]
    return [*iam.list_role_policies(RoleName=role)["PolicyNames"], *(each["PolicyName"] for each in attached)]

def handler(event, context):
    asked = event["ResourceProperties"]
    (stack,) = boto3.client("cloudformation").describe_stacks(StackName=event["StackId"])["Stacks"]
    seen = {"Status": stack["StackStatus"]}
    if "Watched" in asked:
        seen["Policies"] = policies(asked["Watched"])
    body = json.dumps({**event, "Seen": seen}).encode()
    boto3.client("s3").put_object(Bucket=asked["Bucket"], Key=f"{time.time_ns()}", Body=body)
    if asked.get("Silent") == event["RequestType"]:
        return
    answer = {name: event[name] for name in ("StackId", "RequestId", "LogicalResourceId")}
    failing = asked.get("Fail") == event["RequestType"]
    answer |= {"Status": "FAILED" if failing else "SUCCESS", "Reason": "as asked", "PhysicalResourceId": asked["Id"]}
    body = json.dumps(answer).encode()
    request = urllib.request.Request(event["ResponseURL"], body, {"Content-Type": ""}, method="PUT")
    urllib.request.urlopen(request).close()
"""
_PATIENCE_SECONDS = 120

Resource = dict[str, Any]


@dataclass(frozen=True)
class Recorder:
    """The function, and the bucket that it writes to."""

    aws: LocalAws
    function: str
    bucket: str

    def thing(self, physical_id: str, depends_on: tuple[str, ...] = (), **options: Any) -> Resource:
        """Describe a custom resource; an option that begins with a capital is a property, the others are attributes."""
        properties = {name: value for name, value in options.items() if name[0].isupper()}
        attributes = {"DeletionPolicy": options["policy"]} if "policy" in options else {}
        return {
            "Type": "Custom::Thing",
            "Properties": {"ServiceToken": self.function, "Bucket": self.bucket, "Id": physical_id, **properties},
            "DependsOn": list(depends_on),
            **attributes,
        }

    def requests(self) -> list[dict[str, Any]]:
        """Read what was written down, in its order."""
        found = self.aws.client("s3").list_objects_v2(Bucket=self.bucket).get("Contents", [])
        return [json.loads(self.aws.read(self.bucket, each["Key"])) for each in found]

    def reach(self, count: int) -> list[dict[str, Any]]:
        """Wait until so many requests have come."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while len(self.requests()) < count:
            assert time.monotonic() < deadline, self.story()
            time.sleep(0.15)
        return self.requests()

    def story(self) -> list[tuple[str, str]]:
        """Say what was asked for which physical resource; a Create has none yet, so its property counts."""
        return [
            (each["RequestType"], each.get("PhysicalResourceId", each["ResourceProperties"]["Id"]))
            for each in self.requests()
        ]


@dataclass(frozen=True)
class Stack:
    """A stack with only these resources."""

    aws: LocalAws
    name: str

    @classmethod
    def begin(cls, aws: LocalAws, *, stays: bool = False, **resources: Resource) -> "Stack":
        """Have it made, and do not wait for that; it may stay as it is when it fails."""
        stack = cls(aws, f"stack-{uuid.uuid4().hex}")
        aws.client("cloudformation").create_stack(StackName=stack.name, DisableRollback=stays, **_body(resources))
        return stack

    @classmethod
    def create(cls, aws: LocalAws, **resources: Resource) -> tuple["Stack", str]:
        """Make it; also says how that ended."""
        stack = cls.begin(aws, **resources)
        return stack, stack.settle()

    def begin_update(self, *, stays: bool = False, **resources: Resource) -> None:
        """Have it given these resources instead, and do not wait for that; it may stay as it is when it fails."""
        update = self.aws.client("cloudformation").update_stack
        update(StackName=self.name, DisableRollback=stays, **_body(resources))

    def update(self, **resources: Resource) -> str:
        """Give it these resources instead, and say how that ended."""
        self.begin_update(**resources)
        return self.settle()

    def roll_back(self) -> str:
        """Roll back what failed and stayed, and say how that ended."""
        self.aws.client("cloudformation").rollback_stack(StackName=self.name)
        return self.settle()

    def delete(self) -> None:
        """Delete it to the end."""
        stacks = self.aws.client("cloudformation")
        stacks.delete_stack(StackName=self.name)
        stacks.get_waiter("stack_delete_complete").wait(StackName=self.name, WaiterConfig={"Delay": 0.1})

    def settle(self) -> str:
        """Wait until nothing is in progress."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < deadline:
            found = self.aws.client("cloudformation").describe_stacks(StackName=self.name)["Stacks"][0]
            if not found["StackStatus"].endswith("IN_PROGRESS"):
                return str(found["StackStatus"])
            time.sleep(0.15)
        pytest.fail(f"{found['StackStatus']} after {_PATIENCE_SECONDS} s")

    def events(self, logical_id: str) -> list[str]:
        """List what happened to a resource, or by its own name to the stack, from the start."""
        return [status for status, _ in self.told(logical_id)]

    def told(self, logical_id: str) -> list[tuple[str, str]]:
        """List that with what is said of it."""
        found = self.aws.client("cloudformation").describe_stack_events(StackName=self.name)["StackEvents"]
        return [
            (each["ResourceStatus"], each.get("ResourceStatusReason", ""))
            for each in reversed(found)
            if each["LogicalResourceId"] == logical_id
        ]

    def reach(self, logical_id: str, status: str) -> None:
        """Wait until that has happened to a resource."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while status not in self.events(logical_id):
            assert time.monotonic() < deadline, self.events(logical_id)
            time.sleep(0.15)


def _body(resources: Mapping[str, Resource]) -> dict[str, Any]:
    return {"TemplateBody": json.dumps({"Resources": resources}), "Capabilities": ["CAPABILITY_NAMED_IAM"]}


def answer(event: dict[str, Any], physical_id: str = "silent", status: str = "SUCCESS") -> None:
    """Answer a request that the function was silent about."""
    names = {name: event[name] for name in ("StackId", "RequestId", "LogicalResourceId")}
    body = json.dumps({**names, "Status": status, "Reason": "late", "PhysicalResourceId": physical_id}).encode()
    headers = {"Content-Type": ""}
    urllib.request.urlopen(urllib.request.Request(event["ResponseURL"], body, headers, method="PUT")).close()  # noqa: S310 -- the local AWS


def record(aws: LocalAws) -> Recorder:
    """Make a recorder."""
    lambda_ = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    role = aws.role({"Effect": "Allow", "Action": "*", "Resource": "*"}, trusted=lambda_)
    function = aws.client("lambda").create_function(
        FunctionName=f"recorder-{uuid.uuid4().hex}",
        Runtime="python3.13",
        Handler="index.handler",
        Role=role,
        Code={"ZipFile": _zipped(_HANDLER)},
    )["FunctionArn"]
    return Recorder(aws, function, aws.bucket())


def _zipped(source: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("index.py", source)
    return content.getvalue()
