"""A job whose end the deployment waits for: what comes after it, and what it is told."""

from typing import Any

import pytest
from aws_cdk import App, CfnOutput, CfnResource, CustomResource, Duration, RemovalPolicy, Stack, Tags
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from cdk_bedrock_batch import BatchModel, InputData, ModelInvocationJob, OutputData, WaitUntil

from ..conftest import NOVA, MakeJob
from ..template import JOB, Synthesized, plain

CONDITION, RESULTS, LINK = "AWS::CloudFormation::WaitCondition", f"{JOB}Results", f"{JOB}Wait"
RULE, PERMISSION = "AWS::Events::Rule", "AWS::Lambda::Permission"


def finished(**parameters: Any) -> Synthesized:
    """A stack with one job, whose end is waited for."""
    stack = Stack(App(), "Stack")
    make(stack, **parameters)
    return Synthesized.of(stack)


def make(stack: Stack, id: str = "Summaries", **parameters: Any) -> ModelInvocationJob:
    given = {
        "model": BatchModel.foundation_model(NOVA),
        "input_data": InputData.from_uri("s3://records/prompts.jsonl"),
        "wait_until": WaitUntil.FINISHED,
    }
    return ModelInvocationJob(stack, id, **{**given, **parameters})


def condition_of(template: Synthesized) -> str:
    (logical_id,) = template.all(CONDITION)
    return logical_id


def test_job_condition_and_results_come_one_after_the_other() -> None:
    template = finished()
    (results,) = template.all(RESULTS)
    assert template.resources[condition_of(template)]["DependsOn"] == [template.job_id]
    assert template.resources[results]["DependsOn"] == [condition_of(template)]
    assert not template.all(LINK)


def test_the_condition_waits_for_one_signal_for_as_long_as_cloudformation_does() -> None:
    template = finished(wait_timeout=Duration.hours(1))
    condition = template.resources[condition_of(template)]
    assert condition["CreationPolicy"] == {"ResourceSignal": {"Count": 1, "Timeout": "PT12H"}}
    assert "Properties" not in condition, "it has no signed address"


def test_the_job_is_told_of_its_condition_and_how_long() -> None:
    template = finished()
    assert template.job.items() >= {"WaitUntil": "FINISHED", "WaitTimeoutSeconds": 43_200}.items()
    assert template.job["WaitCondition"] == condition_of(template)
    assert "AcceptPartialCompletion" not in template.job
    partly = finished(accept_partial_completion=True, wait_timeout=Duration.hours(2))
    assert partly.job.items() >= {"AcceptPartialCompletion": True, "WaitTimeoutSeconds": 7200}.items()


def test_the_results_are_told_whose_they_are() -> None:
    (results,) = map(plain, finished(output_data=OutputData.to_uri("s3://results/here")).properties(RESULTS))
    assert results == {
        "ServiceToken": "${BedrockBatchProviderFunction.Arn}",
        "ServiceTimeout": "3600",
        "JobArn": "${Summaries.JobArn}",
        "OutputUri": "s3://results/here/",
        "WaitTimeoutSeconds": 43_200,
        "LeaveRunning": True,
    }
    (partly,) = finished(accept_partial_completion=True).properties(RESULTS)
    assert partly["AcceptPartialCompletion"] is True


def test_whoever_depends_on_the_job_waits_for_its_end(stack: Stack) -> None:
    after = CfnResource(stack, "After", type="AWS::SNS::Topic")
    after.node.add_dependency(make(stack))
    template = Synthesized.of(stack)
    assert {*template.all(CONDITION), *template.all(RESULTS)} <= template.needed("After")


def test_the_function_hears_of_every_end_and_of_nothing_else() -> None:
    template = finished()
    (rule,) = template.properties(RULE)
    detail = rule["EventPattern"].pop("detail")
    assert rule["EventPattern"] == {"source": ["aws.bedrock"], "detail-type": ["Batch Inference Job State Change"]}
    assert detail.keys() == {"status"}
    assert set(detail["status"]) == {"Completed", "PartiallyCompleted", "Failed", "Stopped", "Expired"}
    (target,) = rule["Targets"]
    assert plain(target["Arn"]) == "${BedrockBatchProviderFunction.Arn}"
    (permission,) = map(plain, template.properties(PERMISSION))
    assert permission == {
        "Action": "lambda:InvokeFunction",
        "FunctionName": "${BedrockBatchProviderFunction.Arn}",
        "Principal": "events.amazonaws.com",
        "SourceArn": "${BedrockBatchProviderEnds.Arn}",
    }
    assert {*template.all(RULE), *template.all(PERMISSION)} <= template.needed(template.job_id)


def test_it_does_so_once_for_all_jobs_of_a_stack_that_wait_so(stack: Stack, make_job: MakeJob) -> None:
    make(stack, "First")
    make(stack, "Second")
    make_job("Third")
    template = Synthesized.of(stack)
    assert [len(template.all(kind)) for kind in (RULE, PERMISSION, CONDITION, RESULTS)] == [1, 1, 2, 2]
    (third,) = (name for name in template.all(JOB) if name.startswith("Third"))
    assert template.needed(third).isdisjoint({*template.all(RULE), *template.all(CONDITION)})


def test_the_function_may_signal_to_its_own_stack_and_only_where_it_is_waited_for(
    stack: Stack, make_job: MakeJob
) -> None:
    (statement,) = finished().allowed("BedrockBatchProviderRole")["cloudformation:SignalResource"]
    assert statement["Resource"] == "${AWS::StackId}"
    make_job()
    assert "cloudformation:SignalResource" not in Synthesized.of(stack).allowed("BedrockBatchProviderRole")


def test_the_function_may_look_tags_up_only_where_a_job_may_be_left(stack: Stack, make_job: MakeJob) -> None:
    (statement,) = finished().allowed("BedrockBatchProviderRole")["tag:GetResources"]
    assert statement["Resource"] == "*"
    make_job()
    assert "tag:GetResources" not in Synthesized.of(stack).allowed("BedrockBatchProviderRole")


@pytest.mark.parametrize(
    "change",
    [
        {"model": BatchModel.foundation_model("amazon.nova-pro-v1:0")},
        {"input_data": InputData.from_uri("s3://others/prompts.jsonl")},
        {"output_data": OutputData.to_uri("s3://results/")},
        {"run_token": "2"},
        {"client_request_token": "mine"},
        {"timeout": Duration.hours(48)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_another_job_has_another_condition(change: dict[str, Any]) -> None:
    assert condition_of(finished(**change)) != condition_of(finished())


@pytest.mark.parametrize(
    "change",
    [
        {"wait_timeout": Duration.hours(1)},
        {"accept_partial_completion": True},
        {"stop_on_delete": False},
        {"job_name": "nightly"},
        {"output_job_arn": False},
    ],
    ids=lambda change: next(iter(change)),
)
def test_the_same_job_has_the_same_condition(change: dict[str, Any]) -> None:
    assert condition_of(finished(**change)) == condition_of(finished())


def test_nor_do_its_tags_or_its_neighbours_change_it(stack: Stack) -> None:
    Tags.of(make(stack)).add("stage", "test")
    s3.Bucket(stack, "Another")
    make(stack, "Second")
    assert condition_of(finished()) in Synthesized.of(stack).all(CONDITION)


def test_however_deep_a_job_stands_its_ids_are_those_of_cloudformation(stack: Stack) -> None:
    # Source: CloudFormation API reference, DescribeStackResource: 255 characters at most.
    make(Construct(Construct(stack, "A" * 120), "B" * 120))  # type: ignore[arg-type]  # any construct will do
    template = Synthesized.of(stack)
    assert max(map(len, template.resources)) <= 255
    assert template.job["WaitCondition"] == condition_of(template)


def test_a_job_that_reads_what_another_wrote_is_another_one_when_that_is() -> None:
    def later_condition(**earlier: Any) -> str:
        stack = Stack(App(), "Stack")
        first = make(stack, "First", **earlier)
        make(stack, "Second", input_data=InputData.from_uri(first.output_uri))
        template = Synthesized.of(stack)
        assert not template.all(LINK)
        (found,) = (name for name in template.all(CONDITION) if name.startswith("Second"))
        return found

    assert later_condition(run_token="2") != later_condition()
    assert later_condition() == later_condition()


@pytest.mark.parametrize("kind", [s3.CfnBucket, CustomResource])
def test_a_job_that_uses_a_resource_is_another_one_when_that_is(kind: type) -> None:
    def condition(name: str, tag: str = "") -> str:
        stack = Stack(App(), "Stack")
        if kind is s3.CfnBucket:
            bucket = s3.CfnBucket(stack, "Bucket", bucket_name=name)
            told = bucket.ref
        else:
            bucket = CustomResource(stack, "Bucket", service_token="arn", properties={"Name": name})  # type: ignore[assignment]
            told = bucket.get_att_string("Name")  # type: ignore[attr-defined]
        Tags.of(bucket).add("stage", tag or "test")
        make(stack, output_data=OutputData.to_uri(f"s3://{told}/"))
        template = Synthesized.of(stack)
        assert not template.all(LINK)
        return condition_of(template)

    assert condition("results") != condition("others")
    assert condition("results") == condition("results", tag="production"), "its name is the same"


@pytest.mark.parametrize("managed", [False, True], ids=["", "with a role of the user's"])
def test_jobs_one_after_another_make_no_circle(stack: Stack, *, managed: bool) -> None:
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("bedrock.amazonaws.com")) if managed else None
    if role:
        role.apply_removal_policy(RemovalPolicy.RETAIN)
    first, second = make(stack, "First", role=role), make(stack, "Second", role=role)
    second.node.add_dependency(first)
    CfnOutput(stack, "Tokens", value=first.input_tokens + second.input_tokens)
    template = Synthesized.of(stack)
    earlier, later = template.all(JOB)
    (results,) = (name for name in template.all(RESULTS) if name.startswith("First"))
    assert results in template.needed(later)
    assert later not in template.needed(earlier)
