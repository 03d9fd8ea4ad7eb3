"""Nested stacks, and what becomes of them."""

import json
import uuid
from typing import Any

from tests.local_aws.emulator.cloudformation.recorder import Recorder, Resource, Stack


def nested(
    recorder: Recorder, *depends_on: str, outputs: dict[str, Any] | None = None, **resources: Resource
) -> Resource:
    """Describe a nested stack with only these resources."""
    key = f"templates/{uuid.uuid4().hex}"
    template = {"Resources": resources, "Outputs": {name: {"Value": value} for name, value in (outputs or {}).items()}}
    bucket = recorder.aws.bucket({key: json.dumps(template).encode()})
    url = f"https://s3.us-east-1.amazonaws.com/{bucket}/{key}"
    return {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": url}, "DependsOn": list(depends_on)}


def inner(stack: Stack) -> Stack:
    """Find the only nested stack there has been."""
    events = stack.aws.client("cloudformation").describe_stack_events(StackName=stack.name)["StackEvents"]
    (arn,) = {each["PhysicalResourceId"] for each in events if each["LogicalResourceId"] == "Inner"} - {""}
    return Stack(stack.aws, arn)


def status(stack: Stack) -> str:
    (found,) = stack.aws.client("cloudformation").describe_stacks(StackName=stack.name)["Stacks"]
    return str(found["StackStatus"])


def own_events(stack: Stack) -> list[str]:
    return stack.events(stack.name.split("/")[1])


def deleted(recorder: Recorder) -> list[str]:
    return [physical_id for kind, physical_id in recorder.story() if kind == "Delete"]
