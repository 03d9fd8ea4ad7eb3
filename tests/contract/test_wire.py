"""What the construct renders, the function reads: the two ends of the wire, with CloudFormation's strings between."""

from dataclasses import replace
from typing import Any

import pytest
from botocore.session import Session
from botocore.validate import ParamValidator

from cdk_bedrock_batch import InvocationType, WaitUntil
from cdk_bedrock_batch._data import input_source
from cdk_bedrock_batch._function.properties import (
    READ_MANIFEST,
    EndProperties,
    JobProperties,
    render,
    render_link,
    render_results,
)
from model_invocation_job.input import copying
from model_invocation_job.requests.left_behind import LeftBehind
from model_invocation_job.requests.request import JobRequest, parse
from model_invocation_job.requests.request import WaitUntil as ParsedWaitUntil
from model_invocation_job.requests.results_request import ResultsRequest, parse_results
from model_invocation_job.requests.staged_object import StagedObject

EVENT = {"StackId": "stack", "LogicalResourceId": "Job", "RequestId": "request"}
FULL = JobProperties(
    model_id="amazon.nova-lite-v1:0",
    role_arn="arn:aws:iam::000000000000:role/Job",
    input_uri="s3://in/prompts.jsonl",
    output_uri="s3://out/",
    name_prefix="nightly",
    staged=[("s3://assets/a.jsonl", "s3://in/prompts.jsonl", 2**30)],
    wait_until=WaitUntil.SUBMITTED,
    wait_seconds=300,
    stop_on_delete=False,
    timeout_hours=48,
    invocation_type=InvocationType.CONVERSE,
    run_token="2",
    role_of_stack=True,
)
#: One whose end is waited for, and that may go on without its stack.
AWAITED = replace(
    FULL,
    wait_until=WaitUntil.FINISHED,
    wait_seconds=43_200,
    stop_on_delete=True,
    wait_condition="JobEnded",
    accept_partial_completion=True,
    leave_running=True,
    left_behind={"RoleName": "Job", "DeleteRole": True, "Policies": ["Inline"], "ManagedPolicies": ["arn:managed"]},
)
JOB_ARN = "arn:aws:bedrock:us-east-1:000000000000:model-invocation-job/abcdef012345"
END = EndProperties(job_arn=JOB_ARN, output_uri="s3://out/folder/", wait_seconds=43_200)


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
        staged=(StagedObject("s3://assets/a.jsonl", "s3://in/prompts.jsonl", 2**30),),
        wait_until=ParsedWaitUntil.SUBMITTED,
        wait_timeout=300,
        stop_on_delete=False,
        role_of_stack=True,
    )


def test_a_role_that_others_made_is_not_told() -> None:
    """A template of before says nothing of it either, so that nothing changes in it."""
    assert "RoleOfStack" not in render(replace(FULL, role_of_stack=False))
    assert not sent(replace(FULL, role_of_stack=False)).role_of_stack


def test_what_waits_for_the_end_arrives_with_its_type() -> None:
    request = sent(AWAITED)
    assert request == replace(
        sent(FULL),
        wait_until=ParsedWaitUntil.FINISHED,
        wait_timeout=43_200,
        stop_on_delete=True,
        condition="JobEnded",
        accepts_partial=True,
        left_behind=LeftBehind("Job", is_own=True, inline=("Inline",), managed=("arn:managed",)),
        leaves_running=True,
    )


def test_where_nobody_waits_for_the_end_nothing_is_told_of_it() -> None:
    """A template of before says nothing of it either, so that nothing changes in it."""
    assert {"WaitCondition", "AcceptPartialCompletion", "LeftBehind", "LeaveRunning"}.isdisjoint(render(FULL))
    assert (sent(FULL).condition, sent(FULL).accepts_partial, sent(FULL).left_behind) == ("", False, None)


def asked(properties: dict[str, Any]) -> ResultsRequest:
    stack = "arn:aws:cloudformation:us-east-1:000000000000:stack/Stack/5ac2e5a0-0000-4000-8000-000000000000"
    return parse_results({**EVENT, "StackId": stack, "ResourceProperties": as_cloudformation_sends(properties)})


def test_what_tells_of_the_results_arrives_with_its_type() -> None:
    plain = asked(render_results(END))
    assert (plain.job, plain.wait_timeout, plain.output_uri) == (JOB_ARN, 43_200, "s3://out/folder/")
    assert (plain.accepts_partial, plain.leaves_running, plain.reads_manifest) == (False, False, False)
    end = replace(END, accept_partial_completion=True, leave_running=True)
    full = asked({**render_results(end), READ_MANIFEST: True})
    assert full == replace(plain, accepts_partial=True, leaves_running=True, reads_manifest=True)


def test_a_link_is_told_what_it_waits_for_and_how_long() -> None:
    assert render_link(END).keys() == {"JobArn", "WaitTimeoutSeconds"}
    assert (asked(render_link(END)).job, asked(render_link(END)).wait_timeout) == (JOB_ARN, 43_200)


@pytest.mark.parametrize("choice", WaitUntil)
def test_both_ends_know_the_same_choices(choice: WaitUntil) -> None:
    assert ParsedWaitUntil(choice.value)
    assert len(ParsedWaitUntil) == len(WaitUntil)


def test_the_call_is_one_that_botocore_accepts() -> None:
    shape = Session().get_service_model("bedrock").operation_model("CreateModelInvocationJob").input_shape
    parameters = {**sent(FULL).parameters, "jobName": "n", "clientRequestToken": "t"}
    assert not ParamValidator().validate(parameters, shape).has_errors()


def test_the_construct_tells_the_size_of_what_the_function_copies_in_parts() -> None:
    """Both mean the same bytes by a part, for the construct allows what it takes to write in parts."""
    assert input_source.PART == copying.PART
