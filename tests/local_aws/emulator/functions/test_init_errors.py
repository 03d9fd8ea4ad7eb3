"""A function that cannot start, whatever the cause: its stack has failed within a minute, and its events say why."""

import json
import re
import time
import uuid
from collections.abc import Iterator, Mapping
from threading import Event, Thread
from types import SimpleNamespace
from typing import Any

import pytest

from bedrock_local.emulator.functions.unstarted import _end_if_late, _seconds
from bedrock_local.local_aws import LocalAws
from bedrock_local.running import RunningAws
from tests.local_aws.seeing_functions import packed

PATIENCE_SECONDS = 60
HANGS = "import time\ntime.sleep(3600)"

#: What is in a function, its runtime, and a piece of what the event says.
CAUSES: Mapping[str, tuple[Mapping[str, str], str, str]] = {
    "module": ({"index.py": "import no_such_module"}, "python3.13", "No module named 'no_such_module'"),
    "syntax": ({"index.py": "def handler(:"}, "python3.13", "invalid syntax"),
    "raises": ({"index.py": "raise OSError('as it is imported')"}, "python3.13", "as it is imported"),
    "exits": ({"index.py": "import os; os._exit(3)"}, "python3.13", "exited immediately"),
    "hangs": ({"index.py": HANGS}, "python3.13", "it has not imported its code after 11 seconds"),
    "no-file": ({"other.py": ""}, "python3.13", "No module named 'index'"),
    "no-handler": ({"index.py": ""}, "python3.13", "has no attribute 'handler'"),
    "node-module": ({"index.js": "require('no-such-module')"}, "nodejs22.x", "Cannot find module 'no-such-module'"),
    "node-sdk": ({"index.js": "require('@aws-sdk/lib-storage')"}, "nodejs22.x", "npm install @aws-sdk/lib-storage"),
    "node-import": (
        {"index.mjs": "import { a } from '@smithy/no-such'; export const handler = a"},
        "nodejs22.x",
        "npm install @smithy/no-such",
    ),
    "node-handler": ({"index.js": "exports.other = 1"}, "nodejs22.x", "Handler handler is not a function in index"),
    "no-bootstrap": ({"other": ""}, "provided.al2023", "No bootstrap binary found"),
    "bootstrap-exits": ({"bootstrap": "#!/bin/sh\nexit 4"}, "provided.al2023", "exited during init with code 4"),
    "bootstrap-hangs": (
        {"bootstrap": "#!/bin/sh\nsleep 3600"},
        "provided.al2023",
        "did not reach the Runtime API within 1s",
    ),
    "java": ({"Handler.class": ""}, "java21", "java21 not supported for local execution"),
}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAws]:
    with LocalAws(model="echo", directory=tmp_path_factory.mktemp("aws")) as aws:
        aws.client("s3").create_bucket(Bucket="code")
        yield aws


def template(cause: str, timeout: int) -> dict[str, Any]:
    service = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    trust = {"Version": "2012-10-17", "Statement": [service]}
    function = {
        "Runtime": CAUSES[cause][1],
        "Handler": "index.handler",
        "Role": {"Fn::GetAtt": ["Role", "Arn"]},
        "Code": {"S3Bucket": "code", "S3Key": cause},
        "Timeout": timeout,
    }
    return {
        "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trust}},
        "Function": {"Type": "AWS::Lambda::Function", "Properties": function},
        "Thing": {"Type": "Custom::Thing", "Properties": {"ServiceToken": {"Fn::GetAtt": ["Function", "Arn"]}}},
    }


def reasons(aws: RunningAws, resources: Mapping[str, Any]) -> dict[str, str]:
    """Create a stack that fails; return what its events say of the custom resource, by how each ended."""
    cloudformation, name = aws.client("cloudformation"), f"stack-{uuid.uuid4().hex}"
    body = json.dumps({"Resources": resources})
    cloudformation.create_stack(StackName=name, TemplateBody=body, Capabilities=["CAPABILITY_IAM"])
    deadline = time.monotonic() + PATIENCE_SECONDS
    while cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"].endswith("IN_PROGRESS"):
        assert time.monotonic() < deadline, "nobody has answered"
        time.sleep(0.05)
    events = cloudformation.describe_stack_events(StackName=name)["StackEvents"]
    failed = [each for each in events if each["LogicalResourceId"] == "Thing" and "FAILED" in each["ResourceStatus"]]
    return {each["ResourceStatus"]: each["ResourceStatusReason"] for each in failed}


@pytest.mark.parametrize("cause", CAUSES)
def test_the_stack_fails_soon_and_says_why(running: RunningAws, cause: str) -> None:
    files, _, told = CAUSES[cause]
    running.client("s3").put_object(Bucket="code", Key=cause, Body=packed(files))
    found = reasons(running, template(cause, timeout=1))
    assert found.keys() == {"CREATE_FAILED", "DELETE_FAILED"}
    assert found["CREATE_FAILED"].startswith(("The function cannot start: ", "The local AWS cannot start this"))
    assert told in found["CREATE_FAILED"]
    if "hangs" in cause:
        # It is not waited for as long as before.
        assert re.search("(after|within) 4 ?s", found["DELETE_FAILED"])


def test_one_that_may_run_for_long_is_waited_for_half_a_minute() -> None:
    assert _seconds({"FunctionArn": "never late", "RevisionId": "", "Timeout": 900}) == PATIENCE_SECONDS / 2


def test_a_container_image_is_told(running: RunningAws) -> None:
    resources = template("java", timeout=1)
    image = {"PackageType": "Image", "Code": {"ImageUri": "000000000000.dkr.ecr.us-east-1.amazonaws.com/any:1"}}
    resources["Function"]["Properties"] = {"Role": {"Fn::GetAtt": ["Role", "Arn"]}, **image}
    told = reasons(running, resources)["CREATE_FAILED"]
    assert "it is a container image, for which there would have to be Docker" in told


def test_what_is_unpacked_first_takes_no_time_of_the_program() -> None:
    environment, started, late, killed = SimpleNamespace(_proc=None), Event(), Event(), Event()
    watching = Thread(target=_end_if_late, args=(environment, 0, started, late))
    watching.start()
    assert not late.wait(0.5)
    environment._proc = SimpleNamespace(kill=killed.set)  # noqa: SLF001 -- ministack's
    assert late.wait(PATIENCE_SECONDS)
    assert killed.wait(PATIENCE_SECONDS)
    watching.join()
