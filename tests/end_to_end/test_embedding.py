"""Jobs are at home in other stacks: many of them, nested, across stacks, side by side, within a boundary."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from aws_cdk import App, CfnOutput, NestedStack, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from bedrock_local.running import RunningAws
from cdk_bedrock_batch import InputData, OutputData, WaitUntil

from .gallery import World, job
from .jobs import ENDED, Jobs
from .stacks import StackFailedError, Stacks, new_stack

MANY = 100


def test_a_hundred_jobs_of_one_stack_complete(stacks: Stacks, world: World, jobs: Jobs) -> None:
    def build(stack: Stack) -> None:
        bucket = s3.Bucket.from_bucket_name(stack, "Data", world.own_bucket)
        for number in range(MANY):
            job(stack, f"Job{number}", input_data=InputData.from_bucket(bucket, "one.jsonl"))

    deployed = stacks.deploy(build, "Hundred")
    assert len(deployed.jobs) == MANY
    assert len(set(deployed.jobs.values())) == MANY
    assert [kind for kind in deployed.kinds if kind == "AWS::Lambda::Function"] == ["AWS::Lambda::Function"] * 2
    assert {jobs.ended(arn)["status"] for arn in deployed.jobs.values()} == {"Completed"}


def test_a_nested_stack_has_its_job(stacks: Stacks, jobs: Jobs) -> None:
    def build(stack: Stack) -> None:
        inner = NestedStack(stack, "Inner")
        CfnOutput(stack, "Arn", value=job(inner, "Job", wait_until=WaitUntil.VALIDATED).job_arn)

    deployed = stacks.deploy(build, "Outer")
    arn = deployed.outputs["Arn"]
    assert jobs.ended(arn)["status"] == "Completed"
    stacks.destroy(deployed)


def test_role_key_and_bucket_may_be_of_another_stack(stacks: Stacks, jobs: Jobs) -> None:
    def build(app: App) -> None:
        base, user = new_stack(app, "CrossBase"), new_stack(app, "CrossUser")
        key = kms.Key(base, "Key", removal_policy=RemovalPolicy.DESTROY)
        bucket = s3.Bucket(base, "Bucket", encryption_key=key)
        bedrock = iam.ServicePrincipal("bedrock.amazonaws.com")
        role = iam.Role(base, "Role", assumed_by=bedrock)
        output = OutputData.to_bucket(bucket, "results")
        job(user, "Job", role=role, encryption_key=key, output_data=output, wait_until=WaitUntil.VALIDATED)

    templates = stacks.synthesize_app(build)
    base, user = (stacks.put(templates[name], name) for name in ("CrossBase", "CrossUser"))
    made = jobs.ended(user.jobs["Job"])
    assert made["status"] == "Completed", made.get("message")
    assert made["roleArn"].endswith(base.of_type("AWS::IAM::Role"))
    bucket = base.of_type("AWS::S3::Bucket")
    assert made["outputDataConfig"]["s3OutputDataConfig"]["s3Uri"] == f"s3://{bucket}/results/"
    stacks.destroy(user)
    stacks.destroy(base)


def test_two_stacks_of_one_app_leave_each_others_jobs_alone(stacks: Stacks, aws: RunningAws, jobs: Jobs) -> None:
    def build(app: App) -> None:
        for name in ("SideOne", "SideTwo"):
            job(new_stack(app, name), "Job", job_name="same", wait_until=WaitUntil.VALIDATED)

    templates = stacks.synthesize_app(build)
    with aws.faults.hold("InProgress", job_name="same-"):
        with ThreadPoolExecutor() as threads:
            one, two = threads.map(stacks.put, templates.values(), templates)
        gone, kept = one.jobs["Job"], two.jobs["Job"]
        stacks.destroy(one)
        assert jobs.ended(gone)["status"] == "Stopped"
        assert jobs.in_status(kept, "InProgress", *ENDED)["status"] == "InProgress"
    assert jobs.ended(kept)["status"] == "Completed"


#: All that roles of the construct do, and no more.
ENOUGH = [
    "bedrock:CreateModelInvocationJob",
    "bedrock:GetModelInvocationJob",
    "bedrock:InvokeModel",
    "bedrock:ListModelInvocationJobs",
    "cloudformation:DescribeStackResource",
    "cloudformation:DescribeStacks",
    "iam:PassRole",
    "s3:GetObject",
    "s3:ListBucket",
    "s3:PutObject",
]


@pytest.mark.parametrize("missing", [None, "s3:PutObject", "bedrock:CreateModelInvocationJob"])
def test_a_permissions_boundary_bounds_all_roles(stacks: Stacks, jobs: Jobs, missing: str | None) -> None:
    name = f"Bounded{str(missing).rpartition(':')[2]}"
    document = iam.PolicyDocument.from_json(
        {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": [a for a in ENOUGH if a != missing], "Resource": "*"}],
        }
    )

    def build(stack: Stack) -> None:
        boundary = iam.ManagedPolicy(stack, "Boundary", document=document)
        iam.PermissionsBoundary.of(stack).apply(boundary)
        job(stack, "Job", wait_until=WaitUntil.VALIDATED)

    if missing:
        with pytest.raises(StackFailedError, match=missing):
            stacks.deploy(build, name)
    else:
        made: Any = jobs.ended(stacks.deploy(build, name).jobs["Job"])
        assert made["status"] == "Completed"
