"""The file of ``aws bedrock create-model-invocation-job``, as the AWS CLI makes its skeleton from the service model."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Duration, Stack, Tags
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from botocore.session import Session
from botocore.utils import ArgumentGenerator

from cdk_bedrock_batch import BatchModel, InputData, InvocationType, ModelInvocationJob, OutputData, WaitUntil

from ..conftest import NOVA
from ..template import Synthesized

OTHER = "111122223333"
ROLE = "arn:aws:iam::123456789012:role/service/Batch"
KEY = "arn:aws:kms:us-east-1:123456789012:key/12345678-1234-1234-1234-123456789012"
FILLED: dict[str, Any] = {
    "jobName": "nightly",
    "roleArn": ROLE,
    "clientRequestToken": "mine",
    "modelId": NOVA,
    "inputDataConfig": {
        "s3InputDataConfig": {"s3InputFormat": "JSONL", "s3Uri": "s3://records/in/", "s3BucketOwner": OTHER}
    },
    "outputDataConfig": {
        "s3OutputDataConfig": {"s3Uri": "s3://results/out/", "s3EncryptionKeyId": KEY, "s3BucketOwner": OTHER}
    },
    "vpcConfig": {"subnetIds": ["subnet-1", "subnet-2"], "securityGroupIds": ["sg-1"]},
    "timeoutDurationInHours": 48,
    "tags": [{"key": "team", "value": "search"}],
    "modelInvocationType": "Converse",
}
REQUIRED = {name: FILLED[name] for name in ("jobName", "roleArn", "modelId", "inputDataConfig", "outputDataConfig")}

Write = Callable[[Any], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(content: Any) -> Path:
        path = tmp_path / "job.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return path

    return write


def skeleton() -> dict[str, Any]:
    """What ``--generate-cli-skeleton`` prints: the CLI uses this very generator."""
    shape = Session().get_service_model("bedrock").operation_model("CreateModelInvocationJob").input_shape
    found: dict[str, Any] = ArgumentGenerator().generate_skeleton(shape)
    return found


def paths(value: Any, path: str = "") -> set[str]:
    match value:
        case dict():
            return {found for name, item in value.items() for found in paths(item, f"{path}.{name}")}
        case list():
            return {found for item in value for found in paths(item, f"{path}[]")}
    return {path}


def test_the_file_under_test_is_the_skeleton_with_every_field_filled_in() -> None:
    assert paths(FILLED) == paths(skeleton())


def test_every_field_lands_in_the_call(stack: Stack, write: Write) -> None:
    ModelInvocationJob.from_cli_input_json(stack, "Job", write(FILLED))
    template = Synthesized.of(stack)
    assert template.call == {name: value for name, value in FILLED.items() if name not in {"jobName", "tags"}}
    assert template.job["Tags"] == FILLED["tags"]
    assert template.job["JobNamePrefix"].startswith("nightly-")


def test_it_is_the_job_that_the_constructor_makes_of_the_same_values(stack: Stack, write: Write) -> None:
    ModelInvocationJob.from_cli_input_json(stack, "Job", write(FILLED))
    same = Stack(App(), "Stack")
    subnets = [ec2.Subnet.from_subnet_id(same, subnet, subnet) for subnet in ("subnet-1", "subnet-2")]
    job = ModelInvocationJob(
        same,
        "Job",
        job_name="nightly",
        role=iam.Role.from_role_arn(same, "Role", ROLE),
        client_request_token="mine",
        model=BatchModel.foundation_model(NOVA),
        input_data=InputData.from_uri("s3://records/in/", bucket_owner=OTHER),
        output_data=OutputData.to_uri(
            "s3://results/out/", bucket_owner=OTHER, encryption_key=kms.Key.from_key_arn(same, "Key", KEY)
        ),
        vpc_subnets=ec2.SubnetSelection(subnets=subnets),
        security_groups=[ec2.SecurityGroup.from_security_group_id(same, "Group", "sg-1")],
        timeout=Duration.hours(48),
        invocation_type=InvocationType.CONVERSE,
    )
    Tags.of(job).add("team", "search")
    assert Synthesized.of(stack).job == Synthesized.of(same).job


def test_the_required_fields_are_enough_and_the_rest_is_absent(stack: Stack, write: Write) -> None:
    ModelInvocationJob.from_cli_input_json(stack, "Job", str(write(REQUIRED)))
    assert Synthesized.of(stack).call == {name: value for name, value in REQUIRED.items() if name != "jobName"}


def test_the_role_of_the_file_gets_the_permissions(stack: Stack, write: Write) -> None:
    ModelInvocationJob.from_cli_input_json(stack, "Job", write(REQUIRED))
    template = Synthesized.of(stack)
    (policy,) = (p for p in template.properties("AWS::IAM::Policy") if p["Roles"] == ["Batch"])
    assert "bedrock:InvokeModel" in str(policy)


@pytest.mark.parametrize(
    ("key", "sent"),
    [
        ("alias/data", "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:alias/data"),
        (
            KEY.rpartition("/")[2],
            f"arn:${{AWS::Partition}}:kms:${{AWS::Region}}:${{AWS::AccountId}}:{KEY.rpartition(':')[2]}",
        ),
        ("arn:aws:kms:us-east-1:123456789012:alias/data", "arn:aws:kms:us-east-1:123456789012:alias/data"),
    ],
)
def test_every_form_of_a_key_is_taken(stack: Stack, write: Write, key: str, sent: str) -> None:
    config = {"s3OutputDataConfig": {"s3Uri": "s3://results/", "s3EncryptionKeyId": key}}
    ModelInvocationJob.from_cli_input_json(stack, "Job", write({**REQUIRED, "outputDataConfig": config}))
    assert Synthesized.of(stack).call["outputDataConfig"]["s3OutputDataConfig"]["s3EncryptionKeyId"] == sent


def test_a_long_name_keeps_its_beginning(stack: Stack, write: Write) -> None:
    ModelInvocationJob.from_cli_input_json(stack, "Job", write({**REQUIRED, "jobName": "n" * 27 + "-" + "x" * 35}))
    assert Synthesized.of(stack).job["JobNamePrefix"].rpartition("-")[0] == "n" * 27


def test_what_the_api_does_not_know_is_given_beside_the_file_and_what_it_does_is_replaced(
    stack: Stack, write: Write
) -> None:
    model = BatchModel.inference_profile(f"us.{NOVA}", regions=["us-east-1"])
    ModelInvocationJob.from_cli_input_json(stack, "Job", write(REQUIRED), wait_until=WaitUntil.SUBMITTED, model=model)
    template = Synthesized.of(stack)
    assert template.job["WaitUntil"] == "SUBMITTED"
    assert template.call["modelId"] == f"us.{NOVA}"


def test_two_files_make_two_jobs_of_a_stack(stack: Stack, write: Write) -> None:
    for name in ("First", "Second"):
        ModelInvocationJob.from_cli_input_json(stack, name, write(FILLED))
    assert len(Synthesized.of(stack).all("Custom::BedrockModelInvocationJob")) == 2
