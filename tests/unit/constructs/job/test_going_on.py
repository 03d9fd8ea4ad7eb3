"""A job that is not stopped when its stack is deleted: synth says what of its data would go."""

from collections.abc import Callable
from typing import Any

import pytest
from aws_cdk import App, NestedStack, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from cdk_bedrock_batch import InputData, OutputData

from ..conftest import MakeJob
from ..template import warnings

Given = dict[str, Any]
DESTROY, ALMOST_ALWAYS = RemovalPolicy.DESTROY, RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE


def bucket(scope: Stack, policy: RemovalPolicy = DESTROY) -> s3.Bucket:
    return s3.Bucket(scope, "Data", removal_policy=policy)


def key(stack: Stack, policy: RemovalPolicy = DESTROY) -> kms.IKey:
    return kms.Key(stack, "Data", removal_policy=policy)


def app_of(stack: Stack) -> App:
    return stack.node.root  # type: ignore[return-value]  # an app


CASES: dict[str, tuple[Callable[[Stack], Given], bool]] = {
    "results": (lambda stack: {"output_data": OutputData.to_bucket(bucket(stack))}, True),
    "records": (lambda stack: {"input_data": InputData.from_bucket(bucket(stack), "in/")}, True),
    "key": (lambda stack: {"encryption_key": key(stack)}, True),
    "key of the results": (
        lambda stack: {"output_data": OutputData.to_uri("s3://results/", encryption_key=key(stack))},
        True,
    ),
    "results beside it": (lambda stack: {"output_data": OutputData.to_bucket(bucket(NestedStack(stack, "N")))}, True),
    "results of another stack": (
        lambda stack: {"output_data": OutputData.to_bucket(bucket(Stack(app_of(stack), "Other")))},
        False,
    ),
    "results that stay": (lambda stack: {"output_data": OutputData.to_bucket(bucket(stack, ALMOST_ALWAYS))}, False),
    "key that stays": (lambda stack: {"encryption_key": key(stack, RemovalPolicy.RETAIN)}, False),
    "own buckets": (lambda _: {}, False),
}


@pytest.mark.parametrize(("given", "warned"), CASES.values(), ids=CASES)
@pytest.mark.parametrize("stop_on_delete", [True, False], ids=["stopped", "goes on"])
def test_data_that_goes_with_the_stack_is_said(
    stack: Stack, make_job: MakeJob, given: Callable[[Stack], Given], *, warned: bool, stop_on_delete: bool
) -> None:
    make_job(**given(stack), stop_on_delete=stop_on_delete)
    found = [text for text in warnings(stack) if "cdk-bedrock-batch:data:goes" in text]
    assert bool(found) == (warned and not stop_on_delete)
    if found:
        assert "/Data is deleted with the stack, and the job fails then: call apply_removal_policy" in found[0]


def test_a_role_of_the_stack_that_a_job_is_nested_in_goes_with_it(stack: Stack, make_job: MakeJob) -> None:
    role = iam.Role(stack, "Given", assumed_by=iam.ServicePrincipal("bedrock.amazonaws.com"))
    nested = NestedStack(stack, "Nested")
    make_job(scope=nested, role=role, stop_on_delete=False)
    found = [each.entry.data for made in app_of(stack).synth().stacks for each in made.messages]
    assert any("cdk-bedrock-batch:role:goes" in str(each) for each in found)
