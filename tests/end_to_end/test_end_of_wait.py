"""The wait is over, the job in good health: the deployment fails, and the job goes on for the next one to take."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from aws_cdk import CfnOutput, Duration, Stack
from aws_cdk import aws_iam as iam

from bedrock_local.running import RunningAws
from cdk_bedrock_batch import InputData, OutputData, WaitUntil

from .function_policies import lacking, policies
from .gallery import World, job
from .jobs import Jobs
from .permissions import permissions
from .stacks import Deployed, StackFailedError, Stacks
from .waits import Waits, eventually

TAG = "cdk-bedrock-batch:left-running"
BEDROCK = iam.ServicePrincipal("bedrock.amazonaws.com")
Build = Callable[[Stack], None]


@pytest.fixture(scope="module", params=["own", "users"])
def role(request: pytest.FixtureRequest, stacks: Stacks) -> str:
    """The name of a role that is there before any stack, and stays; nothing where the job has one of its own."""
    if request.param == "own":
        return ""
    return stacks.deploy(lambda stack: iam.Role(stack, "Role", assumed_by=BEDROCK), "UsersRole").of_type(
        "AWS::IAM::Role"
    )


def building(world: World, users_role: str = "", run: str = "1", seconds: int = 6) -> Build:
    """Let a job read and write what is the user's, with a role of its own or one of the user's."""

    def build(stack: Stack) -> None:
        role = {"role": iam.Role.from_role_name(stack, "Role", users_role)} if users_role else {}
        made = job(
            stack,
            "Job",
            input_data=InputData.from_uri(f"s3://{world.own_bucket}/one.jsonl"),
            output_data=OutputData.to_uri(f"s3://{world.own_bucket}/{stack.stack_name}/"),
            wait_until=WaitUntil.FINISHED,
            wait_timeout=Duration.seconds(seconds),
            run_token=run,
            **role,
        )
        CfnOutput(stack, "Succeeded", value=made.succeeded_records)

    return build


@contextmanager
def left_running(stacks: Stacks, aws: RunningAws, jobs: Jobs, build: Build, name: str) -> Iterator[tuple[str, str]]:
    """Deploy in vain; yield the job that goes on, held, and the reason."""
    before = set(jobs.named(f"{name}-"))
    with aws.faults.hold("InProgress", job_name=f"{name}-"):
        with pytest.raises(StackFailedError) as error:
            stacks.deploy(build, name)
        (arn,) = set(jobs.named(f"{name}-")) - before
        yield arn, str(error.value)


def policies_of(stacks: Stacks, role: str) -> list[str]:
    """Names of the policies of a role; fails if there is no role."""
    attached = stacks.iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]
    inline: list[str] = stacks.iam.list_role_policies(RoleName=role)["PolicyNames"]
    return [*inline, *(each["PolicyName"] for each in attached)]


def of_stack(stacks: Stacks, name: str) -> list[str]:
    """Names of roles and managed policies that a stack has made."""
    roles = [role["RoleName"] for page in pages(stacks, "list_roles") for role in page["Roles"]]
    managed = [
        each["PolicyName"] for page in pages(stacks, "list_policies", Scope="Local") for each in page["Policies"]
    ]
    return [each for each in (*roles, *managed) if each.startswith(f"{name}-")]


def pages(stacks: Stacks, operation: str, **arguments: str) -> Iterator[dict]:
    return iter(stacks.iam.get_paginator(operation).paginate(**arguments))


def role_of(jobs: Jobs, arn: str) -> str:
    return str(jobs.get(arn)["roleArn"].rpartition("/")[2])


def tags_of(stacks: Stacks, arn: str) -> dict[str, str]:
    return {tag["key"]: tag["value"] for tag in stacks.bedrock.list_tags_for_resource(resourceARN=arn)["tags"]}


def assert_says_what_to_do(reason: str, arn: str, when: str) -> None:
    goes_on, folder = "It goes on, and writes its results to s3://own-data/", f"/{arn.rpartition('/')[2]}/. {when}"
    for part in ("the end of 'wait_timeout'", goes_on, folder, f"bedrock-batch watch {arn}"):
        assert part in reason
    # None is counted yet.
    assert "records processed" not in reason


def assert_has_results(jobs: Jobs, arn: str) -> None:
    found = jobs.ended(arn)
    assert (found["status"], found["successRecordCount"]) == ("Completed", 100), found.get("message")


def test_a_create(stacks: Stacks, aws: RunningAws, jobs: Jobs, world: World, role: str) -> None:
    name = f"Create{'Given' if role else 'Own'}"
    with left_running(stacks, aws, jobs, building(world, role), name) as (arn, reason):
        assert_says_what_to_do(reason, arn, "Deploy again, and the new stack takes it")
        assert jobs.get(arn)["status"] == "InProgress"
        assert tags_of(stacks, arn)[TAG] == name
        assert policies_of(stacks, role_of(jobs, arn))
        delete(stacks, name)
        template = stacks.synthesize(building(world, role, seconds=60), name)
        deployed = stacks.begin(template, name)
        eventually(lambda: TAG not in tags_of(stacks, arn))
    stacks.settle(deployed)
    assert deployed.jobs["Job"] == arn
    assert deployed.outputs["Succeeded"] == "100"
    assert jobs.named(f"{name}-") == [arn]
    assert_has_results(jobs, arn)
    stacks.destroy(deployed)
    assert_nothing_is_left(stacks, name, role)


@pytest.mark.parametrize("may_look", [True, False], ids=["may look tags up", "may not"])
def test_a_create_whose_job_is_over_by_the_next_one(
    stacks: Stacks, aws: RunningAws, jobs: Jobs, world: World, *, may_look: bool
) -> None:
    """Bedrock shows its tags no more, so without that permission it is made and paid again."""
    name = f"Over{may_look}"
    with left_running(stacks, aws, jobs, building(world), name) as (arn, _):
        delete(stacks, name)
    assert_has_results(jobs, arn)
    template = stacks.synthesize(building(world, seconds=60), name)
    (looking,) = (each for each in permissions(policies(template).values()) if each.action == "tag:GetResources")
    deployed = stacks.begin(template if may_look else lacking(template, looking), name)
    stacks.settle(deployed)
    assert deployed.outputs["Succeeded"] == "100"
    assert (jobs.named(f"{name}-") == [arn]) is may_look
    assert ("not authorized to perform: tag:GetResources" in Waits(deployed).said) is not may_look
    stacks.destroy(deployed)


def test_an_update(stacks: Stacks, aws: RunningAws, jobs: Jobs, world: World, role: str) -> None:
    name = f"Update{'Given' if role else 'Own'}"
    deployed = stacks.deploy(building(world, role, seconds=60), name)
    first, present = deployed.jobs["Job"], policies_of(stacks, role_of(jobs, deployed.jobs["Job"]))
    with left_running(stacks, aws, jobs, building(world, role, run="2"), name) as (second, reason):
        assert_says_what_to_do(reason, second, "The next deployment")
        assert deployed.jobs["Job"] == first
        assert jobs.get(second)["status"] == "InProgress"
        assert set(policies_of(stacks, role_of(jobs, second))) >= set(present)
    assert_has_results(jobs, second)
    stacks.deploy(building(world, role, run="2", seconds=60), name)
    assert deployed.jobs["Job"] == second
    assert jobs.named(f"{name}-") == [first, second]
    stacks.destroy(deployed)
    assert_nothing_is_left(stacks, name, role)


def test_a_job_that_nobody_takes_leaves_nothing_when_its_stack_goes(
    stacks: Stacks, aws: RunningAws, jobs: Jobs, world: World
) -> None:
    deployed = stacks.deploy(building(world, seconds=60), "Nobody")
    with left_running(stacks, aws, jobs, building(world, run="2"), "Nobody") as (second, _):
        pass
    assert_has_results(jobs, second)
    stacks.destroy(deployed)
    assert_nothing_is_left(stacks, "Nobody", "")


def delete(stacks: Stacks, name: str) -> None:
    """Delete a stack whose create was rolled back, as the CDK CLI does before it deploys again."""
    (stack,) = stacks.cloudformation.describe_stacks(StackName=name)["Stacks"]
    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    stacks.destroy(Deployed(stacks, name, stack["StackId"]))


def assert_nothing_is_left(stacks: Stacks, name: str, users_role: str) -> None:
    assert of_stack(stacks, name) == []
    if users_role:
        assert policies_of(stacks, users_role) == []


def test_after_a_wait_that_was_in_vain_nothing_is_open(
    stacks: Stacks, aws: RunningAws, jobs: Jobs, world: World
) -> None:
    deployed = stacks.deploy(building(world, seconds=60), "Vain")
    with left_running(stacks, aws, jobs, building(world, run="2"), "Vain"):
        waits = Waits(deployed)
        eventually(lambda: not waits.running)
        assert waits.held == []
