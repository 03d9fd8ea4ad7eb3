"""The wire as the function reads it: every field of the API, with CloudFormation's strings for numbers and booleans."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.model import ListShape, Shape, StructureShape
from botocore.session import Session
from botocore.validate import ParamValidator

from model_invocation_job.requests.left_behind import LeftBehind
from model_invocation_job.requests.request import JobRequest, WaitUntil, parse
from model_invocation_job.requests.results_request import ResultsRequest, parse_results
from model_invocation_job.requests.staged_object import StagedObject

STACK_ID = "arn:aws:cloudformation:us-east-1:000000000000:stack/Stack/guid"
EVENT = {"StackId": STACK_ID, "LogicalResourceId": "Job", "RequestId": "request", "PhysicalResourceId": "before"}
JOB: dict[str, Any] = {
    "modelId": "amazon.nova-lite-v1:0",
    "roleArn": "arn:aws:iam::000000000000:role/Job",
    "inputDataConfig": {
        "s3InputDataConfig": {"s3Uri": "s3://in/folder/", "s3InputFormat": "JSONL", "s3BucketOwner": "999999999999"}
    },
    "outputDataConfig": {
        "s3OutputDataConfig": {
            "s3Uri": "s3://out/",
            "s3EncryptionKeyId": "arn:aws:kms:us-east-1:000000000000:key/00000000-0000-0000-0000-000000000000",
            "s3BucketOwner": "888888888888",
        }
    },
    "vpcConfig": {"subnetIds": ["subnet-1", "subnet-2"], "securityGroupIds": ["sg-1"]},
    "modelInvocationType": "Converse",
}
TAGS = [{"key": "team", "value": "blue"}, {"key": "24", "value": "24"}]
PROPERTIES = {
    "ServiceToken": "arn:aws:lambda:us-east-1:000000000000:function:function",
    "ServiceTimeout": "1800",
    "Job": {**JOB, "timeoutDurationInHours": "48", "clientRequestToken": "nightly-1"},
    "JobNamePrefix": "nightly",
    "RunToken": "2",
    "StagedInput": [
        {"Source": "s3://assets/a.jsonl", "Target": "s3://in/a.jsonl"},
        {"Source": "s3://assets/b.zip", "Target": "s3://in/folder/"},
    ],
    "StopOnDelete": "false",
    "Tags": TAGS,
    "WaitUntil": "SUBMITTED",
    "WaitTimeoutSeconds": "300",
}


@pytest.fixture(scope="module")
def shape() -> StructureShape:
    found = Session().get_service_model("bedrock").operation_model("CreateModelInvocationJob").input_shape
    assert found
    return found


def call(request: JobRequest) -> dict[str, Any]:
    return {**request.parameters, "jobName": "nightly-1", "clientRequestToken": request.client_request_token}


def fields(shape: Shape, path: str = "") -> Iterator[str]:
    """Every field that holds a value, by its path."""
    if isinstance(shape, StructureShape):
        for name, member in shape.members.items():
            yield from fields(member, f"{path}.{name}")
    elif isinstance(shape, ListShape):
        yield from fields(shape.member, f"{path}[]")
    else:
        yield path


def values(value: Any, path: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield from values(item, f"{path}.{name}")
    elif isinstance(value, list):
        for item in value:
            yield from values(item, f"{path}[]")
    else:
        yield path


def test_every_property_arrives_with_its_type() -> None:
    assert parse(EVENT, PROPERTIES) == JobRequest(
        stack_id=STACK_ID,
        logical_id="Job",
        request_id="request",
        physical_id="before",
        parameters={**JOB, "timeoutDurationInHours": 48, "tags": TAGS},
        name_prefix="nightly",
        run_token="2",
        client_request_token="nightly-1",
        staged=(
            StagedObject("s3://assets/a.jsonl", "s3://in/a.jsonl"),
            StagedObject("s3://assets/b.zip", "s3://in/folder/"),
        ),
        wait_until=WaitUntil.SUBMITTED,
        wait_timeout=300,
        stop_on_delete=False,
    )


def test_every_property_of_a_job_that_is_to_be_finished_arrives_with_its_type() -> None:
    role = {"RoleName": "Role", "DeleteRole": "true", "Policies": ["Own"], "ManagedPolicies": ["arn"]}
    waiting = {"WaitUntil": "FINISHED", "WaitTimeoutSeconds": "43200", "WaitCondition": "Condition12"}
    request = parse(
        EVENT, {**PROPERTIES, **waiting, "AcceptPartialCompletion": "true", "LeftBehind": role, "LeaveRunning": "true"}
    )
    assert (request.wait_until, request.wait_timeout, request.condition) == (WaitUntil.FINISHED, 43200, "Condition12")
    assert request.accepts_partial
    assert request.leaves_running
    assert request.left_behind == LeftBehind("Role", is_own=True, inline=("Own",), managed=("arn",))


def test_every_property_of_what_waits_for_results_arrives_with_its_type() -> None:
    arn = "arn:aws:bedrock:us-east-1:000000000000:model-invocation-job/job000000000"
    properties = {
        "JobArn": arn,
        "WaitTimeoutSeconds": "7200",
        "OutputUri": "s3://out/",
        "AcceptPartialCompletion": "true",
        "LeaveRunning": "true",
        "ReadManifest": "true",
    }
    assert parse_results({**EVENT, "ResourceProperties": properties}) == ResultsRequest(
        stack_id=STACK_ID,
        logical_id="Job",
        physical_id="before",
        job=arn,
        wait_timeout=7200,
        output_uri="s3://out/",
        accepts_partial=True,
        leaves_running=True,
        reads_manifest=True,
    )


def test_only_a_folder_is_staged_from_an_archive() -> None:
    assert [item.is_archive for item in parse(EVENT, PROPERTIES).staged] == [False, True]


def test_every_field_of_the_api_is_sent(shape: StructureShape) -> None:
    """Fails when the API gets a field that nobody here has thought of."""
    assert set(values(call(parse(EVENT, PROPERTIES)))) == set(fields(shape))


def test_the_call_is_one_that_botocore_accepts(shape: StructureShape) -> None:
    assert not ParamValidator().validate(call(parse(EVENT, PROPERTIES)), shape).has_errors()


def test_what_is_left_out_stays_out(shape: StructureShape) -> None:
    required = {name: JOB[name] for name in ("modelId", "roleArn", "inputDataConfig", "outputDataConfig")}
    request = parse(EVENT, {"Job": required, "JobNamePrefix": "nightly"})
    assert request.parameters == required
    assert (request.client_request_token, request.tags, request.staged) == ("", (), ())
    assert {*required, "jobName"} == set(shape.required_members)
