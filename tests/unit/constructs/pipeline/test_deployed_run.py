"""A pipeline that runs when it is deployed: what its run waits for, what may begin it, and what it is."""

from typing import Any

import pytest
from aws_cdk import CfnResource, Duration, Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk.assertions import Annotations, Match

from cdk_bedrock_batch import InputData, OutputData

from ..template import Synthesized, plain
from .conftest import MakePipeline

RUN = "Custom::BedrockBatchInferenceRun"
ANY = "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:execution:${NightlyStateMachine.Name}:"


def run_of(stack: Stack) -> tuple[str, dict[str, Any]]:
    """The logical id of the only run, and its properties as texts."""
    ((name, found),) = Synthesized.of(stack).all(RUN).items()
    properties: dict[str, Any] = plain(found["Properties"])
    return name, properties


def writer(stack: Stack, bucket: s3.Bucket, id: str = "Records") -> CfnResource:
    """What puts records into a bucket, as a BucketDeployment does."""
    properties = {"ServiceToken": "arn", "DestinationBucketName": bucket.bucket_name}
    return CfnResource(stack, id, type="Custom::CDKBucketDeployment", properties=properties)


def test_a_run_is_told_by_what_decides_its_results(stack: Stack, make_pipeline: MakePipeline) -> None:
    run = make_pipeline(timeout=Duration.hours(48)).on_deploy("First", run_token="1")
    _, properties = run_of(stack)
    assert properties["RunToken"] == "1"
    assert properties["Job"]["modelId"] == "amazon.nova-lite-v1:0"
    assert properties["StateMachineArn"] == "${NightlyStateMachine}"
    assert properties["JobsFunction"] == "${NightlyFunctionsResourcesJobs.Arn}"
    resolved = plain(stack.resolve([run.run_name, run.execution_arn]))
    assert resolved == ["${NightlyFirst.Run}", "${NightlyFirst}"]
    (output,) = (each for name, each in Synthesized.of(stack).template["Outputs"].items() if "FirstName" in name)
    assert plain(output["Value"]) == "${NightlyFirst.Run}"


def test_the_function_may_begin_runs_of_this_machine_and_stop_those_that_it_has_begun(
    stack: Stack, make_pipeline: MakePipeline
) -> None:
    make_pipeline().on_deploy("First")
    allowed = Synthesized.of(stack).allowed("BedrockBatchProviderRole")
    for action in ("states:RedriveExecution", "states:StopExecution", "states:DescribeExecution"):
        assert [each["Resource"] for each in allowed[action]] == [f"{ANY}deployed-*"]
    assert [each["Resource"] for each in allowed["states:ListExecutions"]] == ["${NightlyStateMachine}"]
    assert "${NightlyStateMachine}" in [each["Resource"] for each in allowed["states:StartExecution"]]


def test_a_run_begins_when_all_that_it_needs_is_there(stack: Stack, make_pipeline: MakePipeline) -> None:
    pipeline = make_pipeline()
    pipeline.on_deploy("First")
    pipeline.on_failed("Failed")
    pipeline.on_schedule("Daily", events.Schedule.rate(Duration.days(1)))
    made, name = Synthesized.of(stack), run_of(stack)[0]
    assert made.resources.keys() - made.needed(name) == {name}


def test_a_run_waits_for_what_others_let_its_role_do(stack: Stack, make_pipeline: MakePipeline) -> None:
    role = iam.Role(stack, "Given", assumed_by=iam.ServicePrincipal("bedrock.amazonaws.com"))
    make_pipeline(role=role).on_deploy("First")
    policy = iam.Policy(stack, "Beside", roles=[role])
    policy.add_statements(iam.PolicyStatement(actions=["kms:Decrypt"], resources=["*"]))
    made, name = Synthesized.of(stack), run_of(stack)[0]
    assert any(each.startswith("Beside") for each in made.needed(name))


def test_a_run_waits_for_what_puts_records_into_its_bucket(stack: Stack, make_pipeline: MakePipeline) -> None:
    bucket, other = s3.Bucket(stack, "Articles"), s3.Bucket(stack, "Other")
    run = make_pipeline(input_data=InputData.from_bucket(bucket, "incoming/")).on_deploy("First")
    writer(stack, bucket)
    writer(stack, other, "Elsewhere")
    # It uses the run, so it comes after it.
    writer(stack, bucket, "Later").node.add_dependency(run)
    made, name = Synthesized.of(stack), run_of(stack)[0]
    assert {"Records", "Elsewhere", "Later"} & made.needed(name) == {"Records"}
    Annotations.from_stack(stack).has_no_warning("*", Match.string_like_regexp("on_deploy"))


def test_synth_warns_of_a_bucket_that_is_empty_when_the_run_begins(stack: Stack, make_pipeline: MakePipeline) -> None:
    make_pipeline().on_deploy("First")
    says = "'on_deploy': Stack/NightlyArticles/Resource is made by this stack, and nothing in it puts records there"
    Annotations.from_stack(stack).has_warning("/Stack/Nightly/First", Match.string_like_regexp(says))


def test_pipelines_of_a_stack_run_on_their_own(stack: Stack, make_pipeline: MakePipeline) -> None:
    shared = s3.Bucket(stack, "Shared")
    for number, name in enumerate(("Nightly", "Weekly")):
        source = InputData.from_bucket(shared, f"in{number}/")
        output = OutputData.to_bucket(shared, f"out{number}")
        make_pipeline(name, input_data=source, output_data=output).on_deploy("First", run_token=name)
    made = Synthesized.of(stack)
    first, second = made.all(RUN)
    assert second not in made.needed(first)
    assert first not in made.needed(second)


def test_a_wrong_value_is_refused_in_a_sentence(make_pipeline: MakePipeline) -> None:
    pipeline = make_pipeline()
    with pytest.raises(ValueError, match="'run_token' must be of type str, such as"):
        pipeline.on_deploy("First", run_token=1)  # type: ignore[arg-type]  # what a user without types may give
    pipeline.on_deploy("First")
    with pytest.raises(ValueError, match="'on_deploy' must be called once for a pipeline, got 'First' and 'Second'"):
        pipeline.on_deploy("Second")
