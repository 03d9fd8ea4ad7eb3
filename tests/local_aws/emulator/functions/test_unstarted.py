"""A function that has no room for its code: whoever waits for its answer learns that at once, and where."""

import json
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bedrock_local.local_aws import LocalAws
from bedrock_local.running import RunningAws
from tests.local_aws.conftest import allow, policy
from tests.local_aws.full_disks import full_disk
from tests.local_aws.seeing_functions import RUNTIMES, seen_by_a_function, zipped

#: Enough for what runs a function, and for one of a few lines.
ROOM = 128 * 1024
SMALL = "def handler(event, context): raise ValueError"
LARGE = f"# {'x' * 2 * ROOM}\n{SMALL}"
#: A tenth of the time that CloudFormation would wait for.
PATIENCE_SECONDS = 30


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("aws")


@pytest.fixture(scope="module")
def running(directory: Path) -> Iterator[RunningAws]:
    with LocalAws(model="echo", directory=directory) as aws:
        s3 = aws.client("s3")
        s3.create_bucket(Bucket="code")
        for key, code in (("small", SMALL), ("large", LARGE)):
            s3.put_object(Bucket="code", Key=key, Body=zipped("index.py", code))
        yield aws


def sentence(directory: Path) -> str:
    room = f"{directory / 'tmp'}: File too large; make room there, or name another --dir"
    return f"The local AWS cannot start this function: {room}"


def template(code: str, code_on_failure: str) -> str:
    service = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    may_invoke = {"PolicyName": "p", "PolicyDocument": json.loads(policy(allow("lambda:InvokeFunction", "*")))}
    trust = {"Version": "2012-10-17", "Statement": [service]}
    role = {"AssumeRolePolicyDocument": trust, "Policies": [may_invoke]}
    on_failure = {"OnFailure": {"Destination": {"Fn::GetAtt": ["LastWord", "Arn"]}}}
    of_the_function = {"ServiceToken": {"Fn::GetAtt": ["Function", "Arn"]}, "ServiceTimeout": 10 * PATIENCE_SECONDS}
    delivery = {
        "FunctionName": {"Ref": "Function"},
        "Qualifier": "$LATEST",
        "MaximumRetryAttempts": 0,
        "DestinationConfig": on_failure,
    }
    resources = {
        "Role": {"Type": "AWS::IAM::Role", "Properties": role},
        "Function": function(code),
        "LastWord": function(code_on_failure),
        "Delivery": {"Type": "AWS::Lambda::EventInvokeConfig", "Properties": delivery},
        "Thing": {"Type": "Custom::Thing", "Properties": of_the_function, "DependsOn": "Delivery"},
    }
    return json.dumps({"Resources": resources})


def function(code: str) -> dict[str, Any]:
    packed = {"S3Bucket": "code", "S3Key": code}
    properties = {"Runtime": "python3.13", "Handler": "index.handler", "Role": {"Fn::GetAtt": ["Role", "Arn"]}}
    return {"Type": "AWS::Lambda::Function", "Properties": {**properties, "Code": packed}}


def failures(aws: RunningAws, template: str) -> set[tuple[str, str]]:
    """Create a stack; return what its events say of the custom resource that failed."""
    cloudformation, name = aws.client("cloudformation"), f"stack-{uuid.uuid4().hex}"
    cloudformation.create_stack(StackName=name, TemplateBody=template, Capabilities=["CAPABILITY_IAM"])
    deadline = time.monotonic() + PATIENCE_SECONDS
    while cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"].endswith("IN_PROGRESS"):
        assert time.monotonic() < deadline, "nobody has answered"
        time.sleep(0.05)
    events = cloudformation.describe_stack_events(StackName=name)["StackEvents"]
    return {
        (event["ResourceStatus"], event["ResourceStatusReason"])
        for event in events
        if event["LogicalResourceId"] == "Thing" and event["ResourceStatus"].endswith("FAILED")
    }


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_its_caller_learns_it(running: RunningAws, directory: Path, runtime: str) -> None:
    with full_disk(running, 0), pytest.raises(AssertionError) as failure:
        seen_by_a_function(running, f"full-{runtime.replace('.', '-')}", runtime)
    assert sentence(directory) in str(failure.value)


def test_a_folder_that_is_gone_is_named(running: RunningAws, directory: Path) -> None:
    folder = directory / "tmp"
    away = folder.rename(directory / "away")
    with pytest.raises(AssertionError) as failure:
        seen_by_a_function(running, "nowhere")
    away.rename(folder)
    assert f"cannot start this function: {folder}/" in str(failure.value)
    assert "No such file or directory; put that right, or name another --dir" in str(failure.value)


def test_its_custom_resource_fails_with_it(running: RunningAws, directory: Path) -> None:
    with full_disk(running, ROOM):
        assert ("CREATE_FAILED", sentence(directory)) in failures(running, template("large", "large"))


def test_the_custom_resource_fails_of_which_it_should_say_the_last_word(running: RunningAws, directory: Path) -> None:
    with full_disk(running, ROOM):
        assert ("CREATE_FAILED", sentence(directory)) in failures(running, template("small", "large"))
