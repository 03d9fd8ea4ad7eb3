"""What becomes of events while as many functions run as the account may have at once."""

import json
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local_aws.conftest import LocalAws, serve
from tests.local_aws.emulator.machines.test_machines import Room
from tests.local_aws.processes import eventually
from tests.local_aws.seeing_functions import zipped

# Writes what it gets, and takes its time.
CODE = """
import json, os, time, boto3
def handler(event, context):
    name = event.get("name") or event["requestContext"]["condition"]
    boto3.client("s3").put_object(Bucket=os.environ["BUCKET"], Key=name, Body=json.dumps(event).encode())
    time.sleep(event.get("seconds", 0))
    assert not event.get("fails")
"""


@pytest.fixture(scope="module")
def aws() -> Iterator[LocalAws]:
    """At most two functions at once."""
    with serve(concurrency=2) as started:
        yield started


@dataclass(frozen=True)
class Function:
    """One that writes what it gets to a bucket of its own."""

    aws: LocalAws
    name: str
    bucket: str
    arn: str

    def send(self, name: str, **event: Any) -> None:
        self._invoke("Event", name, event)

    def call(self, name: str) -> None:
        self._invoke("RequestResponse", name, {})

    def begun(self, *names: str) -> None:
        """Wait until these have begun."""
        assert eventually(lambda: self.seen() >= set(names)), self.seen()

    def seen(self) -> set[str]:
        return {each["Key"] for each in self.aws.client("s3").list_objects_v2(Bucket=self.bucket).get("Contents", [])}

    def _invoke(self, kind: str, name: str, event: dict[str, Any]) -> None:
        payload = json.dumps({"name": name, **event}).encode()
        self.aws.client("lambda").invoke(FunctionName=self.name, InvocationType=kind, Payload=payload)


def function(aws: LocalAws, **options: Any) -> Function:
    trusted = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    role = aws.role({"Effect": "Allow", "Action": "*", "Resource": "*"}, trusted=trusted)
    name, bucket = f"f-{uuid.uuid4().hex}", aws.bucket()
    arn = aws.client("lambda").create_function(
        FunctionName=name,
        Runtime="python3.13",
        Handler="index.handler",
        Role=role,
        Timeout=60,
        Code={"ZipFile": zipped("index.py", CODE)},
        Environment={"Variables": {"BUCKET": bucket}},
    )["FunctionArn"]
    if options:
        aws.client("lambda").put_function_event_invoke_config(FunctionName=name, **options)
    return Function(aws, name, bucket, arn)


def test_an_event_waits_and_a_call_is_refused(aws: LocalAws) -> None:
    # No attempt more than one: to wait is none.
    busy = function(aws, MaximumRetryAttempts=0)
    busy.send("first", seconds=4)
    busy.send("second", seconds=4)
    busy.begun("first", "second")
    busy.send("third")
    with pytest.raises(ClientError) as refused:
        busy.call("fourth")
    assert refused.value.response["Error"]["Code"] == "TooManyRequestsException"
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 429
    assert busy.seen() == {"first", "second"}
    busy.begun("third")
    assert "fourth" not in busy.seen()


def test_an_event_that_is_too_old_is_not_run_and_goes_to_the_function_on_failure(aws: LocalAws) -> None:
    last_word = function(aws)
    on_failure = {"OnFailure": {"Destination": last_word.arn}}
    busy = function(aws, MaximumEventAgeInSeconds=1, DestinationConfig=on_failure)
    busy.send("first", seconds=4)
    busy.send("second", seconds=4)
    busy.begun("first", "second")
    busy.send("old")
    last_word.begun("EventAgeExceeded")
    told = json.loads(aws.read(last_word.bucket, "EventAgeExceeded"))
    assert told["requestPayload"] == {"name": "old"}
    assert "old" not in busy.seen()


def test_an_event_that_fails_goes_to_the_function_on_failure(aws: LocalAws) -> None:
    last_word = function(aws)
    on_failure = {"OnFailure": {"Destination": last_word.arn}}
    failing = function(aws, MaximumRetryAttempts=0, DestinationConfig=on_failure)
    failing.send("fails", fails=True)
    last_word.begun("RetriesExhausted")
    told = json.loads(aws.read(last_word.bucket, "RetriesExhausted"))
    assert told["requestContext"]["approximateInvokeCount"] == 1
    assert told["requestPayload"] == {"name": "fails", "fails": True}


def test_a_machine_is_refused_too_and_looks_again(aws: LocalAws) -> None:
    room, busy = Room(aws), function(aws)
    busy.send("first", seconds=3)
    busy.send("second", seconds=3)
    busy.begun("first", "second")
    execution = room.start(looks=1)
    time.sleep(1)
    assert room.errors(execution)[0][0] == "Lambda.TooManyRequestsException"
    assert room.end(execution)["status"] == "SUCCEEDED"
