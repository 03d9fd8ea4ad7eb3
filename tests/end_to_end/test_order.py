"""What a job needs is there before it and goes after it; who needs the job comes after it."""

import pytest
from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_ssm as ssm

from bedrock_local.running import RunningAws
from cdk_bedrock_batch import WaitUntil

from .gallery import job
from .jobs import Jobs
from .stacks import Stacks

#: The logical ids in the order in which the resources were created, and deleted.
Life = tuple[list[str], list[str]]

#: The beginnings of the logical ids of all that the job and the one who stops it need.
NEEDED = [
    "JobJobRole",
    "JobJobRolePolicy",
    "Key",
    "BedrockBatchInput",
    "BedrockBatchOutput",
    "BedrockBatchProviderFunction",
    "BedrockBatchProviderRole",
    "BedrockBatchProviderRoleDefaultPolicy",
    "BedrockBatchProviderLastWord",
    "BedrockBatchProviderLastWordRoleDefaultPolicy",
    "VpcisolatedSubnet1Subnet",
    "JobSecurityGroup",
]


def build(stack: Stack) -> None:
    key = kms.Key(stack, "Key", removal_policy=RemovalPolicy.DESTROY)
    isolated = ec2.SubnetConfiguration(name="isolated", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
    vpc = ec2.Vpc(stack, "Vpc", max_azs=1, nat_gateways=0, subnet_configuration=[isolated])
    subnets = ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
    made = job(stack, "Job", encryption_key=key, vpc=vpc, vpc_subnets=subnets, wait_until=WaitUntil.VALIDATED)
    ssm.StringParameter(stack, "User", parameter_name="order-user", string_value=made.output_uri)


@pytest.fixture(scope="module")
def lived(stacks: Stacks, aws: RunningAws, jobs: Jobs) -> Life:
    """What was created and deleted, in order, in the life of a stack whose job ran to the end of it."""
    with aws.faults.hold("InProgress", job_name="Order-"):
        deployed = stacks.deploy(build, "Order")
        arn = deployed.jobs["Job"]
        value = aws.client("ssm").get_parameter(Name="order-user")["Parameter"]["Value"]
        assert value.endswith(f"/{arn.rpartition('/')[2]}/")
        stacks.destroy(deployed)
    assert jobs.ended(arn)["status"] == "Stopped"
    return deployed.order("CREATE_COMPLETE"), deployed.order("DELETE_COMPLETE")


def at(order: list[str], beginning: str) -> int:
    """The place of the resource whose logical id is that, and a hash."""
    return next(place for place, name in enumerate(order) if name[:-8] == beginning)


def starting(order: list[str], beginning: str) -> list[int]:
    return [place for place, name in enumerate(order) if name.startswith(beginning)]


@pytest.mark.parametrize("beginning", NEEDED)
def test_what_a_job_needs_is_there_before_it_and_goes_after_it(lived: Life, beginning: str) -> None:
    created, deleted = lived
    assert starting(created, beginning)
    assert max(starting(created, beginning)) < at(created, "Job")
    # Buckets stay.
    assert all(place > at(deleted, "Job") for place in starting(deleted, beginning))
    assert starting(deleted, beginning) or beginning.startswith("BedrockBatch")


def test_whoever_uses_the_results_comes_after_the_job(lived: Life) -> None:
    created, deleted = lived
    assert at(created, "User") > at(created, "Job")
    assert at(deleted, "User") < at(deleted, "Job")
