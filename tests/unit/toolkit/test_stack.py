"""The jobs of a stack, of which Bedrock no longer knows all."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from bedrock_batch import JobError, stack_jobs
from bedrock_batch.jobs.stack import RESOURCE_TYPE

ARN = "arn:aws:bedrock:us-east-1:123456789012:model-invocation-job/"


def clients(known: str, *of_stack: str) -> Any:
    """Bedrock, which knows some jobs, and CloudFormation with a stack of some."""

    def get(jobIdentifier: str) -> dict[str, Any]:  # noqa: N803 - the API's name
        if jobIdentifier[-1] not in known:
            raise ClientError({"Error": {"Code": "ResourceNotFoundException"}}, "GetModelInvocationJob")
        return {"jobArn": jobIdentifier, "submitTime": datetime(2026, 11, 1, tzinfo=UTC)}

    resources = [
        {"LogicalResourceId": name, "ResourceType": RESOURCE_TYPE, "PhysicalResourceId": f"{ARN}{name:a>12}"}
        for name in of_stack
    ]
    pages = SimpleNamespace(paginate=lambda **_: [{"StackResourceSummaries": resources}])
    cloudformation = SimpleNamespace(describe_stacks=lambda **_: None, get_paginator=lambda _: pages)
    return SimpleNamespace(get_model_invocation_job=get), cloudformation


def test_a_job_that_is_gone_is_told_and_the_others_are_found() -> None:
    told: list[str] = []
    assert list(stack_jobs(*clients("xz", "x", "y", "z"), "Stack", on_gone=told.append)) == ["x", "z"]
    assert told == [f"y is left out: Bedrock no longer knows its job {ARN}aaaaaaaaaaay"]
    assert list(stack_jobs(*clients("xz", "x", "y", "z"), "Stack")) == ["x", "z"]


def test_a_stack_whose_jobs_are_all_gone_is_an_error() -> None:
    told: list[str] = []
    with pytest.raises(JobError, match=r'stack "Stack" has no job, and Bedrock knows none of .*aaay'):
        stack_jobs(*clients("", "x", "y"), "Stack", on_gone=told.append)
    assert told == []
