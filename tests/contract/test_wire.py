"""What the construct renders, the function reads: the two ends of the wire, with CloudFormation's strings between."""

from dataclasses import replace
from typing import Any

import pytest
from botocore.session import Session
from botocore.validate import ParamValidator

from cdk_bedrock_batch import InvocationType, WaitUntil
from cdk_bedrock_batch._function.properties import JobProperties, render
from model_invocation_job.request import JobRequest, StagedObject, parse
from model_invocation_job.request import WaitUntil as ParsedWaitUntil

EVENT = {"StackId": "stack", "LogicalResourceId": "Job", "RequestId": "request"}
FULL = JobProperties(
    model_id="amazon.nova-lite-v1:0",
    role_arn="arn:aws:iam::000000000000:role/Job",
    input_uri="s3://in/prompts.jsonl",
    output_uri="s3://out/",
    name_prefix="nightly",
    staged=[("s3://assets/a.jsonl", "s3://in/prompts.jsonl")],
    wait_until=WaitUntil.SUBMITTED,
    wait_seconds=300,
    stop_on_delete=False,
    timeout_hours=48,
    invocation_type=InvocationType.CONVERSE,
    run_token="2",
    role_of_stack=True,
)


def as_cloudformation_sends(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: as_cloudformation_sends(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_cloudformation_sends(item) for item in value]
    return str(value).lower() if isinstance(value, bool) else str(value)


def sent(properties: JobProperties) -> JobRequest:
    return parse(EVENT, as_cloudformation_sends(render(properties)))


def test_every_property_arrives_with_its_type() -> None:
    request = sent(FULL)
    assert request == JobRequest(
        stack_id="stack",
        logical_id="Job",
        request_id="request",
        physical_id=None,
        parameters={
            "modelId": "amazon.nova-lite-v1:0",
            "roleArn": "arn:aws:iam::000000000000:role/Job",
            "inputDataConfig": {"s3InputDataConfig": {"s3Uri": "s3://in/prompts.jsonl", "s3InputFormat": "JSONL"}},
            "outputDataConfig": {"s3OutputDataConfig": {"s3Uri": "s3://out/"}},
            "timeoutDurationInHours": 48,
            "modelInvocationType": "Converse",
        },
        name_prefix="nightly",
        run_token="2",
        staged=(StagedObject("s3://assets/a.jsonl", "s3://in/prompts.jsonl"),),
        wait_until=ParsedWaitUntil.SUBMITTED,
        wait_timeout=300,
        stop_on_delete=False,
        role_of_stack=True,
    )


def test_a_role_that_others_made_is_not_told() -> None:
    """A template of before says nothing of it either, so that nothing changes in it."""
    assert "RoleOfStack" not in render(replace(FULL, role_of_stack=False))
    assert not sent(replace(FULL, role_of_stack=False)).role_of_stack


@pytest.mark.parametrize("choice", WaitUntil)
def test_both_ends_know_the_same_choices(choice: WaitUntil) -> None:
    assert ParsedWaitUntil(choice.value)
    assert len(ParsedWaitUntil) == len(WaitUntil)


def test_the_call_is_one_that_botocore_accepts() -> None:
    shape = Session().get_service_model("bedrock").operation_model("CreateModelInvocationJob").input_shape
    parameters = {**sent(FULL).parameters, "jobName": "n", "clientRequestToken": "t"}
    assert not ParamValidator().validate(parameters, shape).has_errors()
