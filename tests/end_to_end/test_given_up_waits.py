"""A stack is deleted, or its update cancelled, while it waits for a job: the job is stopped, and nothing waits on."""

import pytest
from aws_cdk import CfnParameter, Duration, Stack

from bedrock_local.running import RunningAws
from cdk_bedrock_batch import InputData, WaitUntil

from .gallery import World, job
from .jobs import Jobs
from .stacks import Deployed, StackFailedError, Stacks
from .waits import Waits, eventually

JOB, LINK = "Custom::BedrockModelInvocationJob", "Custom::BedrockModelInvocationJobWait"
RESULTS, CONDITION = "Custom::BedrockModelInvocationJobResults", "AWS::CloudFormation::WaitCondition"
#: Hours that are waited for in an update that only CloudFormation sees, by who waits first.
HOURS = {LINK: 2.0, RESULTS: 0.5}


def build(stack: Stack, world: World, *, run: str = "1", hours: float = 2.0) -> None:
    key = CfnParameter(stack, "Key", default="one.jsonl").value_as_string
    job(
        stack,
        "Job",
        input_data=InputData.from_uri(f"s3://{world.own_bucket}/{key}"),
        wait_until=WaitUntil.FINISHED,
        wait_timeout=Duration.minutes(hours * 60),
        run_token=run,
    )


def until_waiting(deployed: Deployed, kind: str, jobs: Jobs, *, but: str = "") -> str:
    """Return the new job when this kind of resource waits for it."""
    if kind == CONDITION:
        eventually(lambda: [r for r in deployed.resources.values() if _is_waiting(r)])
    else:
        Waits(deployed).holds(kind)
    (arn,) = set(jobs.named(f"{deployed.name}-")) - {but}
    return arn


def held_in(kind: str) -> str:
    """The status of a job for which this kind of resource waits."""
    return "Validating" if kind == JOB else "InProgress"


def _is_waiting(resource: object) -> bool:
    assert isinstance(resource, dict)
    return (resource["ResourceType"], resource["ResourceStatus"]) == (CONDITION, "CREATE_IN_PROGRESS")


@pytest.mark.parametrize("kind", [JOB, CONDITION])
def test_a_stack_that_is_deleted_meanwhile(
    stacks: Stacks, aws: RunningAws, jobs: Jobs, world: World, kind: str
) -> None:
    name = f"Deleted{kind[-8:]}"
    template = stacks.synthesize(lambda stack: build(stack, world), name)
    with aws.faults.hold(held_in(kind), job_name=f"{name}-"):
        deployed = stacks.begin(template, name)
        arn = until_waiting(deployed, kind, jobs)
        machine = Waits(deployed).machine
        stacks.destroy(deployed)
        assert jobs.ended(arn)["status"] == "Stopped"
    assert jobs.named(f"{name}-") == [arn]
    roles = [role["RoleName"] for page in stacks.iam.get_paginator("list_roles").paginate() for role in page["Roles"]]
    assert [role for role in roles if role.startswith(f"{name}-")] == []
    assert machine not in str(aws.client("stepfunctions").list_state_machines())


@pytest.mark.parametrize("kind", [JOB, CONDITION, LINK, RESULTS])
def test_an_update_that_is_cancelled_meanwhile(
    stacks: Stacks, aws: RunningAws, jobs: Jobs, world: World, kind: str
) -> None:
    name, hours, is_seen = f"Cancelled{kind[-8:]}", HOURS.get(kind, 2.0), kind not in HOURS
    deployed = stacks.deploy(lambda stack: build(stack, world, hours=hours), name)
    first = deployed.jobs["Job"]
    template = stacks.synthesize(lambda stack: build(stack, world, run="2" if is_seen else "1", hours=hours), name)
    given = [] if is_seen else [{"ParameterKey": "Key", "ParameterValue": "all/a.jsonl"}]
    with aws.faults.hold(held_in(kind), job_name=f"{name}-"):
        stacks.begin(template, name, Parameters=given)
        second = until_waiting(deployed, kind, jobs, but=first)
        stacks.cloudformation.cancel_update_stack(StackName=name)
        with pytest.raises(StackFailedError):
            stacks.settle(deployed)
        assert jobs.ended(second)["status"] == "Stopped"
    assert deployed.jobs["Job"] == first
    waits = Waits(deployed)
    eventually(lambda: not waits.running)
    assert waits.held == []
    stacks.destroy(deployed)
