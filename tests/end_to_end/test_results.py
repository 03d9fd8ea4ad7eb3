"""With ``WaitUntil.FINISHED`` what uses a job's results is made when they are there, and is told what they are."""

import pytest
from aws_cdk import CfnOutput, RemovalPolicy, Stack
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_ssm as ssm

from bedrock_local.running import RunningAws
from cdk_bedrock_batch import OutputData, WaitUntil

from .gallery import job
from .jobs import Jobs, objects
from .stacks import Deployed, Stacks
from .waits import Waits, eventually

RESULTS, CONDITION = "Custom::BedrockModelInvocationJobResults", "AWS::CloudFormation::WaitCondition"
COUNTS = ("total_records", "processed_records", "succeeded_records", "failed_records")


def build(stack: Stack) -> None:
    """Two jobs; what uses one, what depends on it, and what has nothing to do with it."""
    place = OutputData.to_bucket(s3.Bucket(stack, "Place", removal_policy=RemovalPolicy.DESTROY))
    told, other = (job(stack, name, wait_until=WaitUntil.FINISHED, output_data=place) for name in ("Told", "Other"))
    ssm.StringParameter(stack, "Newest", string_value=told.output_uri)
    sqs.Queue(stack, "After").node.add_dependency(other)
    sqs.Queue(stack, "Beside")
    outputs = {name: getattr(told, name) for name in (*COUNTS, "input_tokens", "output_tokens", "job_status")}
    for name, value in outputs.items():
        CfnOutput(stack, name.title().replace("_", ""), value=value)


@pytest.fixture(scope="module")
def deployed(stacks: Stacks, aws: RunningAws) -> Deployed:
    template = stacks.synthesize(build, "Told")
    with aws.faults.hold("InProgress", job_name="Told-"):
        begun = stacks.begin(template, "Told")
        eventually(lambda: len([status for _, status in waiting(begun) if status == "CREATE_IN_PROGRESS"]) == 2)
        made = {name for name, resource in begun.resources.items() if resource["ResourceStatus"] == "CREATE_COMPLETE"}
        assert any(name.startswith("Beside") for name in made)
        assert not [name for name in begun.resources if name.startswith(("Newest", "After"))]
        assert Waits(begun).running
    stacks.settle(begun)
    return begun


def waiting(deployed: Deployed) -> list[tuple[str, str]]:
    return [
        (name, resource["ResourceStatus"])
        for name, resource in deployed.resources.items()
        if resource["ResourceType"] == CONDITION
    ]


def test_what_uses_the_results_comes_after_them(deployed: Deployed) -> None:
    order = deployed.order("CREATE_COMPLETE")
    names = {name[:4]: order.index(name) for name in order if name.startswith(("Newe", "Afte", "Besi"))}
    results = [order.index(name) for name in order if "Results" in name]
    assert names["Besi"] < min(results)
    assert names["Newe"] > order.index(next(name for name in order if name.startswith("ToldResults")))
    assert names["Afte"] > order.index(next(name for name in order if name.startswith("OtherResults")))


def test_the_results_are_where_their_user_is_told(deployed: Deployed, stacks: Stacks) -> None:
    name = deployed.of_type("AWS::SSM::Parameter")
    uri = stacks.aws.client("ssm").get_parameter(Name=name)["Parameter"]["Value"]
    assert "manifest.json.out" in objects(stacks.s3, uri)


def test_the_counts_are_outputs(deployed: Deployed, jobs: Jobs) -> None:
    outputs = deployed.outputs
    assert [outputs[name.title().replace("_", "")] for name in COUNTS] == ["100", "100", "100", "0"]
    assert outputs["JobStatus"] == "Completed" == jobs.get(deployed.jobs["Told"])["status"]


def test_the_tokens_are_those_of_the_manifest(deployed: Deployed) -> None:
    assert int(deployed.outputs["InputTokens"]) > 0
    assert int(deployed.outputs["OutputTokens"]) > 0


def test_jobs_of_a_stack_share_what_waits(deployed: Deployed) -> None:
    engine = ["AWS::DynamoDB::Table", "AWS::StepFunctions::StateMachine", "AWS::Events::Rule"]
    assert [deployed.kinds.count(kind) for kind in engine] == [1, 1, 1]
    assert [deployed.kinds.count(kind) for kind in (RESULTS, CONDITION)] == [2, 2]
