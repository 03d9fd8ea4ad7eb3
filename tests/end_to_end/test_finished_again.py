"""A stack whose job's end was waited for is deployed again: another job is waited for, however it becomes another."""

from collections.abc import Callable

import pytest
from aws_cdk import CfnOutput, CfnParameter, Duration, NestedStack, Stack
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_ssm as ssm
from botocore.exceptions import ClientError

from bedrock_local.running import RunningAws
from cdk_bedrock_batch import InputData, WaitUntil

from .gallery import World, job, records
from .jobs import Jobs
from .stacks import Deployed, StackFailedError, Stacks
from .waits import Waits, eventually

CONDITION, LINK = "AWS::CloudFormation::WaitCondition", "Custom::BedrockModelInvocationJobWait"
FINISHED = WaitUntil.FINISHED


def build(stack: Stack, text: str = "First", until: WaitUntil = FINISHED, *, beside: bool = False) -> None:
    made = job(stack, "Job", input_data=InputData.from_records(records(text=text)), wait_until=until)
    CfnOutput(stack, "Results", value=made.output_uri)
    if beside:
        sqs.Queue(stack, "Beside")


def conditions(deployed: Deployed) -> dict[str, str]:
    """The statuses of the conditions."""
    return {
        name: str(resource["ResourceStatus"])
        for name, resource in deployed.resources.items()
        if resource["ResourceType"] == CONDITION
    }


def is_waiting(deployed: Deployed, but: str = "") -> bool:
    return "CREATE_IN_PROGRESS" in [status for name, status in conditions(deployed).items() if name != but]


def test_only_another_job_is_waited_for(stacks: Stacks, aws: RunningAws, jobs: Jobs) -> None:
    deployed = stacks.deploy(build, "Again")
    waits, (condition,), first = Waits(deployed), conditions(deployed), deployed.jobs["Job"]
    with pytest.raises(ClientError, match="No updates"):
        stacks.deploy(build, "Again")
    before = len(waits.executions)
    stacks.deploy(lambda stack: build(stack, beside=True), "Again")
    stacks.deploy(lambda stack: build(stack, until=WaitUntil.VALIDATED), "Again")
    assert conditions(deployed) == {}
    assert len(waits.executions) == before
    stacks.deploy(build, "Again")
    assert list(conditions(deployed)) == [condition]
    assert jobs.named("Again-") == [deployed.jobs["Job"]] == [first]
    template = stacks.synthesize(lambda stack: build(stack, "Second"), "Again")
    with aws.faults.hold("InProgress", job_name="Again-"):
        stacks.begin(template, "Again")
        eventually(lambda: is_waiting(deployed, but=condition))
        (second,) = set(jobs.named("Again-")) - {first}
        jobs.in_status(second, "InProgress")
    stacks.settle(deployed)
    assert deployed.jobs["Job"] == second
    assert second.rpartition("/")[2] in deployed.outputs["Results"]
    (another,) = conditions(deployed)
    assert another != condition


def test_an_update_that_a_sibling_fails_goes_back_to_the_job_of_before(
    stacks: Stacks, aws: RunningAws, jobs: Jobs, world: World
) -> None:
    def failing(stack: Stack) -> None:
        build(stack, "Second")
        nothing = InputData.from_uri(f"s3://{world.own_bucket}/nothing/here.jsonl")
        sibling = job(stack, "Sibling", input_data=nothing, wait_until=WaitUntil.VALIDATED)
        # When the condition has begun to wait.
        resource = stack.node.find_child("Job").node.find_child("Resource")
        sibling.node.find_child("Resource").node.add_dependency(resource)

    deployed = stacks.deploy(build, "Back")
    first, (condition,), results = deployed.jobs["Job"], conditions(deployed), deployed.outputs
    with (
        aws.faults.hold("InProgress", job_name="Back-Job-"),
        pytest.raises(StackFailedError, match="The job ended as Failed"),
    ):
        stacks.deploy(failing, "Back")
    assert (deployed.jobs["Job"], list(conditions(deployed)), deployed.outputs) == (first, [condition], results)
    assert [jobs.ended(arn)["status"] for arn in jobs.named("Back-Job-")] == ["Completed", "Stopped"]
    waits = Waits(deployed)
    eventually(lambda: not waits.running)
    assert waits.held == []
    stacks.deploy(lambda stack: build(stack, "Second"), "Back")
    assert jobs.get(deployed.jobs["Job"])["status"] == "Completed"
    assert deployed.jobs["Job"] != first


def by_parameter(stack: Stack, key: str) -> str:  # noqa: ARG001 (both are called alike)
    return CfnParameter(stack, "Key", default="one.jsonl").value_as_string


def by_nested_stack(stack: Stack, key: str) -> str:
    inner, name = NestedStack(stack, "Inner"), f"/{stack.stack_name}/{key}"
    return ssm.StringParameter(inner, "Key", string_value=key, parameter_name=name).string_value


@pytest.mark.parametrize("how", [by_parameter, by_nested_stack])
def test_what_only_cloudformation_sees_is_waited_for(
    stacks: Stacks, aws: RunningAws, jobs: Jobs, world: World, how: Callable[[Stack, str], str]
) -> None:
    def reading(stack: Stack, key: str = "one.jsonl") -> None:
        made = job(
            stack,
            "Job",
            input_data=InputData.from_uri(f"s3://{world.own_bucket}/{how(stack, key)}"),
            wait_until=FINISHED,
            wait_timeout=Duration.hours(2),
        )
        CfnOutput(stack, "Results", value=made.output_uri)

    name = f"Seen{how.__name__.replace('_', '')}"
    deployed = stacks.deploy(reading, name)
    first, before = deployed.jobs["Job"], list(conditions(deployed))
    template = stacks.synthesize(lambda stack: reading(stack, key="all/a.jsonl"), name)
    given = [{"ParameterKey": "Key", "ParameterValue": "all/a.jsonl"}] if how is by_parameter else []
    with aws.faults.hold("InProgress", job_name=f"{name}-"):
        stacks.begin(template, name, Parameters=given)
        assert Waits(deployed).holds(LINK)["ResourceProperties"]["JobArn"] != first
        assert first.rpartition("/")[2] in deployed.outputs["Results"]
    stacks.settle(deployed)
    assert list(conditions(deployed)) == before
    assert deployed.jobs["Job"] != first
    assert deployed.jobs["Job"].rpartition("/")[2] in deployed.outputs["Results"]
    assert jobs.get(deployed.jobs["Job"])["status"] == "Completed"
