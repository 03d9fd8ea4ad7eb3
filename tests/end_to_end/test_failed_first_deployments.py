"""A first deployment that fails leaves no bucket but one with something of the user's, and its roll-back succeeds."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import CfnResource, RemovalPolicy, Stack
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_deployment as deployment
from aws_cdk import aws_s3_notifications as notifications
from aws_cdk import aws_sqs as sqs

from bedrock_batch import RecordLimits
from bedrock_local.running import RunningAws
from cdk_bedrock_batch import BatchModel, InputData, ModelInvocationJob, WaitUntil

from .conftest import DeploymentFailedError, Deployments
from .function_policies import PROVIDER, REMOVING, is_to_remove, lacking, policies
from .permissions import permissions
from .stacks import Deployed, StackFailedError, Stacks, Template

RecordFile = Callable[..., Path]
MODEL = BatchModel.foundation_model("amazon.nova-lite-v1:0")
RETAINED = [RemovalPolicy.RETAIN, RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE]
TIMES = 10


@pytest.fixture
def few(tmp_path: Path) -> Path:
    """Too few records: Bedrock finds out after it has accepted the job."""
    path = tmp_path / "few.jsonl"
    body = {"messages": [{"role": "user", "content": [{"text": "Hello"}]}]}
    path.write_text(json.dumps({"recordId": "1", "modelInput": body}) + "\n")
    return path


def job_of(path: Path, stack: Stack, **parameters: Any) -> ModelInvocationJob:
    """A job of records that the construct does not refuse."""
    limits = RecordLimits(min_records_per_job=1)
    source = (
        InputData.from_directory(path, limits=limits) if path.is_dir() else InputData.from_file(path, limits=limits)
    )
    return ModelInvocationJob(stack, "Job", **{"model": MODEL, "input_data": source, **parameters})


def failing(stack: Stack, *after: Any) -> None:
    """Something that CloudFormation cannot make, after what is given."""
    broken = CfnResource(
        stack, "Broken", type="AWS::SSM::Parameter", properties={"Type": "No", "Value": "", "Name": "/"}
    )
    broken.node.add_dependency(*after)


def buckets(aws: RunningAws, stack: str) -> list[str]:
    """The buckets that stacks of a name have made."""
    names = [bucket["Name"] for bucket in aws.client("s3").list_buckets()["Buckets"]]
    return [name for name in names if name.startswith(f"{stack.lower()}-bedrockbatch")]


def keys(aws: RunningAws, bucket: str) -> list[str]:
    return [found["Key"] for found in aws.client("s3").list_objects_v2(Bucket=bucket).get("Contents", [])]


def fails(stacks: Stacks, template: Template, name: str) -> Deployed:
    """Deploy what fails, and is taken back to its end."""
    deployed = stacks.begin(template, name)
    with pytest.raises(StackFailedError):
        stacks.settle(deployed)
    assert stacks.status(deployed.stack_id) in ("ROLLBACK_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"), deployed.failures()
    return deployed


def test_ten_failed_first_deployments_leave_no_bucket(deployments: Deployments, aws: RunningAws, few: Path) -> None:
    """By the real CDK CLI, which deletes each stack before it makes the next."""
    for _ in range(TIMES):
        with pytest.raises(DeploymentFailedError, match="required minimum"):
            deployments.deploy(lambda stack: job_of(few, stack), name="TenTimes")
        (stack,) = deployments.cloudformation.describe_stacks(StackName="TenTimes")["Stacks"]
        assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    assert buckets(aws, "TenTimes") == []


@pytest.mark.parametrize("policy", [*RETAINED, RemovalPolicy.DESTROY])
@pytest.mark.parametrize("wait_until", [WaitUntil.VALIDATED, WaitUntil.FINISHED])
def test_whatever_the_policy_is_no_empty_bucket_is_left(
    stacks: Stacks, aws: RunningAws, few: Path, policy: RemovalPolicy, wait_until: WaitUntil
) -> None:
    name = f"Empty-{policy.name.replace('_', '-')}-{wait_until.name}"
    fails(
        stacks, stacks.synthesize(lambda stack: job_of(few, stack, removal_policy=policy, wait_until=wait_until)), name
    )
    assert buckets(aws, name) == []


@pytest.mark.parametrize("policy", [*RETAINED, RemovalPolicy.DESTROY])
def test_a_bucket_with_results_is_kept_unless_it_is_to_be_destroyed(
    stacks: Stacks, aws: RunningAws, record_file: RecordFile, policy: RemovalPolicy
) -> None:
    """The job has its results when something else fails; the records that were staged for it are not the user's."""

    def build(stack: Stack) -> None:
        failing(stack, job_of(record_file(), stack, removal_policy=policy, wait_until=WaitUntil.FINISHED))

    name = f"Results-{policy.name.replace('_', '-')}"
    deployed = fails(stacks, stacks.synthesize(build, name), name)
    if policy is RemovalPolicy.DESTROY:
        assert buckets(aws, name) == []
        return
    (kept,) = buckets(aws, name)
    assert [key.rpartition("/")[2] for key in keys(aws, kept)] == ["manifest.json.out", "prompts.jsonl.out"]
    named = [event["PhysicalResourceId"] for event in deployed.events() if event["ResourceStatus"] == "DELETE_SKIPPED"]
    assert kept in named


def test_what_fails_before_the_function_is_there_leaves_no_bucket(
    stacks: Stacks, aws: RunningAws, record_file: RecordFile
) -> None:
    def build(stack: Stack) -> None:
        job_of(record_file(), stack)
        failing(stack)

    template = stacks.synthesize(build, "Early")
    for name, resource in template["Resources"].items():
        if name.startswith(f"{PROVIDER}Function") and resource["Type"] == "AWS::Lambda::Function":
            resource["DependsOn"] = ["Broken"]
    fails(stacks, template, "Early")
    assert buckets(aws, "Early") == []


def test_a_stopped_job_of_a_folder_in_a_bucket_with_versions_leaves_nothing(
    stacks: Stacks, aws: RunningAws, record_file: RecordFile, tmp_path: Path
) -> None:
    """All versions of what was staged go, and what marks one as deleted."""
    (tmp_path / "in").mkdir()
    record_file().rename(tmp_path / "in" / "a.jsonl")
    (tmp_path / "in" / "image.png").write_bytes(b"no image")

    def build(stack: Stack) -> None:
        # Stopped before it writes anything.
        job = job_of(tmp_path / "in", stack, wait_until=WaitUntil.SUBMITTED)
        bucket = job.input_bucket.node.default_child
        assert isinstance(bucket, s3.CfnBucket)
        bucket.versioning_configuration = s3.CfnBucket.VersioningConfigurationProperty(status="Enabled")
        failing(stack, job)

    with aws.faults.hold("Validating", job_name="Versions-"):
        fails(stacks, stacks.synthesize(build, "Versions"), "Versions")
    assert buckets(aws, "Versions") == []


def test_what_somebody_else_put_into_the_input_bucket_is_kept(
    stacks: Stacks, aws: RunningAws, record_file: RecordFile, tmp_path: Path
) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "of-the-user.txt").write_text("")

    def build(stack: Stack) -> None:
        job = job_of(record_file(), stack, wait_until=WaitUntil.SUBMITTED)
        source = [deployment.Source.asset(str(tmp_path / "site"))]
        put = deployment.BucketDeployment(stack, "Put", sources=source, destination_bucket=job.input_bucket)
        failing(stack, job, put)

    with aws.faults.hold("Validating", job_name="Kept-"):
        fails(stacks, stacks.synthesize(build, "Kept"), "Kept")
    (kept,) = buckets(aws, "Kept")
    assert keys(aws, kept) == ["of-the-user.txt"]


def test_a_bucket_that_the_users_notifications_hang_on_is_left_to_cloudformation(
    stacks: Stacks, aws: RunningAws, record_file: RecordFile
) -> None:
    """CDK's notifications cannot be deleted where their bucket is gone: the roll-back would fail."""

    def build(stack: Stack) -> None:
        job = job_of(record_file(), stack, wait_until=WaitUntil.SUBMITTED)
        job.output_bucket.add_event_notification(
            s3.EventType.OBJECT_CREATED, notifications.SqsDestination(sqs.Queue(stack, "Q"))
        )
        failing(stack, job)

    with aws.faults.hold("Validating", job_name="Notified-"):
        fails(stacks, stacks.synthesize(build, "Notified"), "Notified")
    (kept,) = buckets(aws, "Notified")
    assert "output" in kept


def test_buckets_that_were_there_before_an_update_stay(
    stacks: Stacks, aws: RunningAws, record_file: RecordFile
) -> None:
    """Also an empty one: the job of before is to write to it, and reads the records that both have."""
    model = BatchModel.foundation_model("amazon.nova-micro-v1:0")
    with aws.faults.hold("InProgress", job_name="Before-"):
        deployed = stacks.deploy(lambda stack: job_of(record_file(), stack), "Before")
        (job,) = deployed.jobs.values()
        made = buckets(aws, "Before")

        def build(stack: Stack) -> None:
            failing(stack, job_of(record_file(), stack, model=model))

        fails(stacks, stacks.synthesize(build, "Before"), "Before")
        assert buckets(aws, "Before") == made
        assert any(keys(aws, bucket) for bucket in made)
        assert deployed.jobs["Job"] == job


def test_without_any_one_permission_the_roll_back_succeeds_and_a_bucket_stays(
    stacks: Stacks, aws: RunningAws, few: Path
) -> None:
    template = stacks.synthesize(lambda stack: job_of(few, stack))
    to_remove = [each for each in permissions(policies(template).values()) if is_to_remove(each)]
    assert {each.action for each in to_remove} == REMOVING
    for number, missing in enumerate(to_remove):
        name = f"Unable{number}"
        fails(stacks, lacking(template, missing), name)
        assert bool(buckets(aws, name)) == (missing.action != "s3:DeleteObjectVersion"), missing
