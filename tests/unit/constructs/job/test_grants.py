"""Grants: the exact statements, and where they go for somebody of another account."""

from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from cdk_bedrock_batch import InputData, ModelInvocationJob, OutputData

from ..conftest import ACCOUNT, PARTITION, REGION, MakeJob
from ..template import Synthesized, plain

OWN = {"StringEquals": {"aws:ResourceAccount": ACCOUNT}}
VIA_S3 = {"StringEquals": {"kms:ViaService": f"s3.{REGION}.${{AWS::URLSuffix}}"}}
ARN = "arn:aws:bedrock:us-east-1:123456789012:model-invocation-job/abcdefghijkl"


@pytest.fixture
def somebody(stack: Stack) -> iam.Role:
    return iam.Role(stack, "Somebody", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))


@pytest.fixture
def data(stack: Stack) -> dict[str, Any]:
    bucket = s3.Bucket(stack, "Data", encryption_key=kms.Key(stack, "Key"))
    return {"input_data": InputData.from_bucket(bucket, "in/"), "output_data": OutputData.to_bucket(bucket, "out")}


def allow(action: object, resource: str, condition: object = None) -> dict[str, object]:
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    return statement | ({"Condition": condition} if condition else {})


@pytest.mark.parametrize(
    ("method", "action"),
    [("grant_describe", "bedrock:GetModelInvocationJob"), ("grant_stop", "bedrock:StopModelInvocationJob")],
)
def test_a_grant_on_the_job_names_this_job_alone(
    stack: Stack, make_job: MakeJob, somebody: iam.Role, method: str, action: str
) -> None:
    assert getattr(make_job(), method)(somebody).success
    assert Synthesized.of(stack).statements("Somebody") == [allow(action, "${Summaries.JobArn}")]


def test_any_actions_can_be_granted(stack: Stack, make_job: MakeJob, somebody: iam.Role) -> None:
    make_job().grant(somebody, "bedrock:ListTagsForResource", "bedrock:TagResource")
    actions = ["bedrock:ListTagsForResource", "bedrock:TagResource"]
    assert Synthesized.of(stack).statements("Somebody") == [allow(actions, "${Summaries.JobArn}")]


def test_whoever_reads_the_results_reads_this_folder_and_its_key(
    stack: Stack, make_job: MakeJob, somebody: iam.Role, data: dict[str, Any]
) -> None:
    make_job(**data).grant_read_output(somebody)
    template = Synthesized.of(stack)
    assert template.statements("Somebody") == [
        allow("s3:GetObject", f"arn:{PARTITION}:s3:::${{Data}}/out/*", OWN),
        allow("s3:ListBucket", "${Data.Arn}", OWN),
        allow("kms:Decrypt", "${Key.Arn}", VIA_S3),
    ]
    (policy,) = (name for name in template.all("AWS::IAM::Policy") if name.startswith("Somebody"))
    assert template.job_id not in template.needed(policy), "a target of the job's events must be there before the job"


def test_whoever_writes_records_writes_this_folder_and_its_key(
    stack: Stack, make_job: MakeJob, somebody: iam.Role, data: dict[str, Any]
) -> None:
    make_job(**data).grant_write_input(somebody)
    assert Synthesized.of(stack).statements("Somebody") == [
        allow("s3:PutObject", f"arn:{PARTITION}:s3:::${{Data}}/in/*", OWN),
        allow(["kms:Decrypt", "kms:GenerateDataKey"], "${Key.Arn}", VIA_S3),
    ]


def test_somebody_of_another_account_is_let_in_by_bucket_and_key(make_job: MakeJob) -> None:
    stack = Stack(App(), "Stack", env={"account": "123456789012", "region": "us-east-1"})
    bucket = s3.Bucket(stack, "Data", encryption_key=kms.Key(stack, "Key"))
    job = make_job(scope=stack, output_data=OutputData.to_bucket(bucket, "out"))
    theirs = iam.Role.from_role_arn(stack, "Theirs", "arn:aws:iam::111122223333:role/Reader")
    job.grant_read_output(theirs)
    template = Synthesized.of(stack)
    for kind, document, actions in (
        ("AWS::S3::BucketPolicy", "PolicyDocument", {"s3:GetObject", "s3:ListBucket"}),
        ("AWS::KMS::Key", "KeyPolicy", {"kms:Decrypt"}),
    ):
        (resource,) = (r for name, r in template.all(kind).items() if name.startswith(("Data", "Key")))
        statements = plain(resource["Properties"][document]["Statement"])
        theirs_only = [s for s in statements if s.get("Principal") == {"AWS": "arn:aws:iam::111122223333:role/Reader"}]
        assert {s["Action"] for s in theirs_only} == actions


def test_an_imported_job_is_granted_by_its_arn(stack: Stack, somebody: iam.Role) -> None:
    job = ModelInvocationJob.from_job_arn(stack, "Job", ARN)
    job.grant_stop(somebody)
    assert job.job_arn == ARN
    assert Synthesized.of(stack).statements("Somebody") == [allow("bedrock:StopModelInvocationJob", ARN)]


@pytest.mark.parametrize("arn", ["", "abcdefghijkl", ARN[:-1], ARN.replace("invocation", "customization"), 5, None])
def test_what_is_no_arn_of_a_job_is_refused(stack: Stack, arn: Any) -> None:
    with pytest.raises(ValueError, match=r"'job_arn' must be .* got "):
        ModelInvocationJob.from_job_arn(stack, "Job", arn)
    assert not stack.node.children
