"""A bucket that comes with the job has no records for it, unless the deployment puts some there before."""

from collections.abc import Callable
from typing import Any

import pytest
from aws_cdk import Annotations, App, RemovalPolicy, Stack, triggers
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_deployment as s3_deployment
from aws_cdk import aws_sqs as sqs
from aws_cdk import custom_resources as custom
from constructs import IDependable

from cdk_bedrock_batch import InputData, OutputData, WaitUntil

from ..conftest import MakeJob, RecordFile
from ..template import Synthesized, warned

EMPTY = "input_data:emptyBucket"
PLACES: dict[str, Callable[[s3.Bucket], InputData]] = {
    "prefix": lambda bucket: InputData.from_bucket(bucket, "in/"),
    "key": lambda bucket: InputData.from_bucket(bucket, "in/one.jsonl"),
    "uri": lambda bucket: InputData.from_uri(f"s3://{bucket.bucket_name}/in/"),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_bucket_of_the_same_stack_is_empty_at_first(stack: Stack, make_job: MakeJob, place: str) -> None:
    bucket = s3.Bucket(stack, "Articles", removal_policy=RemovalPolicy.DESTROY, auto_delete_objects=True)
    job = make_job(input_data=PLACES[place](bucket), output_data=OutputData.to_bucket(bucket, "out"))
    # Waits for things, of which none writes.
    job.node.add_dependency(sqs.Queue(stack, "Queue"), s3_deployed(stack, s3.Bucket(stack, "Another")))
    Synthesized.of(stack)
    (text,) = warned(stack, EMPTY)
    assert text.startswith("'input_data': Stack/Articles/Resource is made by this stack, and nothing that the job")


def s3_deployed(stack: Stack, bucket: s3.Bucket) -> IDependable:
    sources = [s3_deployment.Source.data("one.jsonl", "{}")]
    return s3_deployment.BucketDeployment(stack, "Upload", sources=sources, destination_bucket=bucket)


def called(stack: Stack, bucket: s3.Bucket) -> IDependable:
    parameters = {"Bucket": bucket.bucket_name, "Key": "in/one.jsonl", "Body": "{}"}
    identity = custom.PhysicalResourceId.of("one")
    call = custom.AwsSdkCall(service="S3", action="putObject", parameters=parameters, physical_resource_id=identity)
    policy = custom.AwsCustomResourcePolicy.from_sdk_calls(resources=[bucket.arn_for_objects("*")])
    return custom.AwsCustomResource(stack, "Put", on_update=call, policy=policy)


def triggered(stack: Stack, bucket: s3.Bucket) -> IDependable:
    function = triggers.TriggerFunction(
        stack,
        "Fill",
        runtime=lambda_.Runtime.PYTHON_3_13,
        handler="index.handler",
        code=lambda_.Code.from_inline("def handler(event, context): pass"),
        environment={"BUCKET": bucket.bucket_name},
    )
    return function.trigger


@pytest.mark.parametrize("fill", [s3_deployed, called, triggered])
def test_a_bucket_that_the_deployment_fills_before_is_nothing_to_warn_of(
    stack: Stack, make_job: MakeJob, fill: Callable[[Stack, s3.Bucket], IDependable]
) -> None:
    bucket = s3.Bucket(stack, "Articles")
    job = make_job(input_data=PLACES["prefix"](bucket))
    job.node.add_dependency(fill(stack, bucket))
    Synthesized.of(stack)
    assert warned(stack, EMPTY) == []


def test_the_results_of_a_job_that_is_waited_for_are_records_for_the_next(stack: Stack, make_job: MakeJob) -> None:
    bucket = s3.Bucket(stack, "Articles")
    first = make_job("First", output_data=OutputData.to_bucket(bucket), wait_until=WaitUntil.FINISHED)
    second = make_job("Second", input_data=PLACES["prefix"](bucket))
    second.node.add_dependency(first)
    Synthesized.of(stack)
    assert warned(stack, EMPTY) == []


def other_stack(stack: Stack, record_file: RecordFile) -> dict[str, Any]:  # noqa: ARG001 (all are called alike)
    """It may have been there for years."""
    return {"input_data": PLACES["prefix"](s3.Bucket(Stack(App.of(stack), "Other"), "Articles"))}


def file(stack: Stack, record_file: RecordFile) -> dict[str, Any]:  # noqa: ARG001 (as above)
    return {"input_data": InputData.from_file(record_file())}


@pytest.mark.parametrize("given", [other_stack, file])
def test_of_what_may_be_there_or_is_put_there_nothing_is_said(
    stack: Stack, make_job: MakeJob, record_file: RecordFile, given: Callable[..., dict[str, Any]]
) -> None:
    make_job(**given(stack, record_file))
    Synthesized.of(stack)
    assert warned(stack, EMPTY) == []


def test_who_adds_the_job_when_the_records_are_there_says_so(stack: Stack, make_job: MakeJob) -> None:
    job = make_job(input_data=PLACES["prefix"](s3.Bucket(stack, "Articles")))
    Annotations.of(job).acknowledge_warning(f"cdk-bedrock-batch:{EMPTY}")
    assert warned(stack, EMPTY) == []
