"""A job that runs keeps its rights, its events and its place, whatever the next template says."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from aws_cdk import CfnResource, Stack
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sqs as sqs

from bedrock_local.running import RunningAws
from cdk_bedrock_batch import BatchModel, InputData, ModelInvocationJob, OutputData, WaitUntil

from .gallery import MODEL, World, job, records
from .jobs import Jobs
from .stacks import Deployed, StackFailedError, Stacks, Template

OTHER_MODEL = BatchModel.foundation_model("amazon.nova-pro-v1:0")
PATIENCE_SECONDS = 120


def succeeded(jobs: Jobs, arn: str) -> bool:
    found = jobs.ended(arn)
    return bool(found["status"] == "Completed" and found["successRecordCount"] == found["totalRecordCount"] > 0)


@contextmanager
def updating(stacks: Stacks, aws: RunningAws, jobs: Jobs, template: Template, name: str) -> Iterator[Deployed]:
    """While the update waits for its new job, which is there and goes no further."""
    before = set(jobs.named(f"{name}-"))
    with aws.faults.hold("Validating", job_name=f"{name}-"):
        deployed = stacks.begin(template, name)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while set(jobs.named(f"{name}-")) == before:
            assert time.monotonic() < deadline, deployed.failures()
            time.sleep(0.25)
        yield deployed


def one_job(stack: Stack, role: str, model: BatchModel | None = None, *, source: int = 0, target: int = 0) -> None:
    bedrock = iam.ServicePrincipal("bedrock.amazonaws.com")
    roles = {
        "own": lambda: None,
        "given": lambda: iam.Role(stack, "Role", assumed_by=bedrock),
        "shared": lambda: iam.Role(stack, "Role", assumed_by=bedrock),
    }
    chosen = roles[role]()
    job(
        stack,
        "Job",
        role=chosen,
        wait_until=WaitUntil.VALIDATED,
        input_data=InputData.from_records(records(text=f"Of source {source}")),
        **({"model": model} if model else {}),
        **({"output_data": OutputData.to_uri(f"s3://own-data/target-{target}/")} if target else {}),
    )
    if role == "shared":
        for number in range(5):
            job(stack, f"Further{number}", role=chosen, wait_until=WaitUntil.SUBMITTED)


@pytest.fixture
def own_bucket(world: World) -> str:
    return world.own_bucket


CHANGES = {"another model": {"model": OTHER_MODEL}, "another place": {"target": 1}, "other records": {"source": 1}}


@pytest.mark.parametrize("role", ["own", "given", "shared"])
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.usefixtures("own_bucket")
def test_while_another_job_is_asked_for_the_one_of_before_may_all_that_it_needs(
    stacks: Stacks, aws: RunningAws, jobs: Jobs, role: str, change: str
) -> None:
    name = f"Rights{role}{change.replace(' ', '')}"
    held = aws.faults.hold("InProgress", job_name=f"{name}-Job-")
    deployed = stacks.deploy(lambda stack: one_job(stack, role), name)
    old = deployed.jobs["Job"]
    after = stacks.synthesize(lambda stack: one_job(stack, role, **CHANGES[change]), name)  # type: ignore[arg-type]
    with updating(stacks, aws, jobs, after, name) as deployed:
        # The new job is there, with all that it may do; only now does the old one read, ask and write.
        held.remove()
        assert succeeded(jobs, old)
    stacks.settle(deployed)
    new = deployed.jobs["Job"]
    assert new != old
    assert succeeded(jobs, new)
    stacks.destroy(deployed)


def test_an_update_whose_job_is_refused_leaves_the_running_one_to_its_end(
    stacks: Stacks, aws: RunningAws, jobs: Jobs
) -> None:
    with aws.faults.hold("InProgress", job_name="Refused-"):
        deployed = stacks.deploy(lambda stack: one_job(stack, "own"), "Refused")
        old = deployed.jobs["Job"]
        with (
            aws.faults.fail("ValidationException", "refused for the test", times=100),
            pytest.raises(StackFailedError, match="refused for the test"),
        ):
            stacks.deploy(lambda stack: one_job(stack, "own", OTHER_MODEL), "Refused")
    assert succeeded(jobs, old)
    assert jobs.named("Refused-") == [old]
    assert deployed.jobs["Job"] == old
    names = stacks.iam.list_role_policies(RoleName=deployed.of_type("AWS::IAM::Role", "JobJobRole"))["PolicyNames"]
    (kept,) = names
    document = stacks.iam.get_role_policy(RoleName=deployed.of_type("AWS::IAM::Role", "JobJobRole"), PolicyName=kept)[
        "PolicyDocument"
    ]
    assert MODEL in json.dumps(document)
    assert "nova-pro" not in json.dumps(document)


@pytest.mark.parametrize("kind", ["another name", "another construct"])
def test_a_job_that_is_renamed_while_it_runs_is_heard_to_end(
    stacks: Stacks, aws: RunningAws, jobs: Jobs, world: World, kind: str
) -> None:
    def build(stack: Stack, *, renamed: bool) -> None:
        made = ModelInvocationJob(
            stack,
            "Renamed" if renamed and kind == "another construct" else "Job",
            model=BatchModel.foundation_model(MODEL),
            input_data=InputData.from_uri(f"s3://{world.own_bucket}/one.jsonl"),
            output_data=OutputData.to_uri(f"s3://{world.own_bucket}/renamed/"),
            role=iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("bedrock.amazonaws.com")),
            job_name="evening" if renamed and kind == "another name" else "morning",
            wait_until=WaitUntil.SUBMITTED,
        )
        resource = made.node.find_child("Resource")
        assert isinstance(resource, CfnResource)
        resource.override_logical_id("TheJob")
        made.on_completed("Done", target=targets.SqsQueue(sqs.Queue(stack, "Queue")))

    name = f"Renamed{kind.replace(' ', '')}"
    with aws.faults.hold("InProgress", job_name="morning-"):
        deployed = stacks.deploy(lambda stack: build(stack, renamed=False), name)
        arn = deployed.resources["TheJob"]["PhysicalResourceId"]
        assert "morning" in jobs.get(arn)["jobName"]
        stacks.deploy(lambda stack: build(stack, renamed=True), name)
        assert deployed.resources["TheJob"]["PhysicalResourceId"] == arn
    jobs.ended(arn)
    client, url = aws.client("sqs"), deployed.of_type("AWS::SQS::Queue", "Queue")
    (message,) = client.receive_message(QueueUrl=url, WaitTimeSeconds=10)["Messages"]
    assert json.loads(message["Body"])["detail"]["batchJobArn"] == arn


def test_a_job_that_is_not_stopped_ends_well_without_its_stack(stacks: Stacks, aws: RunningAws, jobs: Jobs) -> None:
    with aws.faults.hold("InProgress", job_name="Left-"):
        deployed = stacks.deploy(lambda stack: job(stack, "Job", stop_on_delete=False), "Left")
        arn = deployed.jobs["Job"]
        stacks.destroy(deployed)
    assert succeeded(jobs, arn)


def test_jobs_in_a_row_are_made_in_order_and_go_in_reverse(stacks: Stacks, jobs: Jobs) -> None:
    def build(stack: Stack) -> None:
        made = [job(stack, f"Step{number}") for number in range(3)]
        queue = sqs.Queue(stack, "Between")
        queue.node.add_dependency(made[0])
        made[1].node.add_dependency(queue)
        made[2].node.add_dependency(made[1])

    deployed = stacks.deploy(build, "Row")
    names = [f"Step{number}" for number in range(3)]
    for arn in deployed.jobs.values():
        jobs.ended(arn)
    stacks.destroy(deployed)
    created, deleted = (
        [name[:-8] for name in deployed.order(status) if name[:-8] in names]
        for status in ("CREATE_COMPLETE", "DELETE_COMPLETE")
    )
    assert created == names
    assert deleted == names[::-1]
