"""Jobs in a VPC: what a stack takes away goes when Bedrock has left it."""

import pytest
from aws_cdk import Stack

from bedrock_local.running import RunningAws

from .function_policies import lacking, working
from .gallery import isolated, job
from .jobs import Jobs
from .stacks import Deployed, StackFailedError, Stacks, Template
from .waits import eventually


def build(stack: Stack) -> None:
    vpc, chosen = isolated(stack)
    job(stack, "Job", vpc=vpc, vpc_subnets=chosen)


def test_a_stack_with_its_vpc_goes_while_its_job_runs(stacks: Stacks, aws: RunningAws, jobs: Jobs) -> None:
    deployed, arn = running(stacks, aws, jobs, stacks.synthesize(build, "Leaving"), "Leaving")
    stacks.destroy(deployed)
    assert not interfaces(stacks, arn)


def test_where_nobody_may_see_the_interfaces_the_vpc_stays(stacks: Stacks, aws: RunningAws, jobs: Jobs) -> None:
    template = stacks.synthesize(build, "Unseen")
    (right,) = (each for each in working(template) if each.action == "ec2:DescribeNetworkInterfaces")
    deployed, arn = running(stacks, aws, jobs, lacking(template, right), "Unseen")
    with pytest.raises(StackFailedError, match="has dependencies and cannot be deleted"):
        stacks.destroy(deployed)
    assert interfaces(stacks, arn)


def running(stacks: Stacks, aws: RunningAws, jobs: Jobs, template: Template, name: str) -> tuple[Deployed, str]:
    """Deploy a stack whose job has begun, and is in its VPC; return the job's ARN as well."""
    with aws.faults.hold("InProgress", job_name=f"{name}-"):
        deployed = stacks.put(template, name)
        (arn,) = deployed.jobs.values()
        eventually(lambda: jobs.get(arn)["status"] == "InProgress")
        assert len(interfaces(stacks, arn)) == 2
    return deployed, arn


def interfaces(stacks: Stacks, arn: str) -> list[str]:
    tagged = {"Name": "tag:BedrockModelInvocationJobArn", "Values": [arn]}
    found = stacks.aws.client("ec2").describe_network_interfaces(Filters=[tagged])["NetworkInterfaces"]
    return [each["NetworkInterfaceId"] for each in found]
