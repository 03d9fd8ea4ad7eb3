"""The jobs of a stack, of which Bedrock no longer knows all."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from bedrock_batch import JobError, stack_jobs
from bedrock_batch.diagnosis.deployed import deployed_jobs
from bedrock_batch.jobs.deployment import NESTED_TYPE, RESOURCE_TYPE

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
    cloudformation = SimpleNamespace(
        describe_stacks=lambda **_: {"Stacks": [{"StackStatus": "CREATE_COMPLETE"}]}, get_paginator=lambda _: pages
    )
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


OWN = "arn:aws:cloudformation:us-east-1:123456789012:stack/Stack/0a1b"
NESTED = "arn:aws:cloudformation:us-east-1:123456789012:stack/Stack-Nested/0a1c"


def event(
    stack: str, name: str, status: str, physical_id: str = "", *, kind: str = RESOURCE_TYPE, why: str = ""
) -> Any:
    told = {"StackId": stack, "LogicalResourceId": name, "ResourceType": kind, "ResourceStatus": status}
    return {**told, "PhysicalResourceId": physical_id, "ResourceStatusReason": why}


def of_stack(stack: str, status: str) -> Any:
    return event(stack, "Stack", status, stack, kind=NESTED_TYPE)


def failed(status: str, *kept: str, **events: Any) -> Any:
    """The clients of an account whose stack has failed: what it has, and the events of it and of one nested in it."""
    bedrock, cloudformation = clients("abcdefg", *kept)
    listed = cloudformation.get_paginator("")
    told = {OWN: events["own"], "Stack": events["own"], NESTED: events.get("nested", [])}
    paged = SimpleNamespace(paginate=lambda StackName: [{"StackEvents": told[StackName]}])  # noqa: N803 - the API's name

    def paginator(operation: str) -> Any:
        return paged if operation == "describe_stack_events" else listed

    stacks = {"Stacks": [{"StackStatus": status}]}
    return bedrock, SimpleNamespace(describe_stacks=lambda **_: stacks, get_paginator=paginator)


def test_of_a_deployment_that_failed_the_events_tell_the_jobs_also_those_of_nested_stacks() -> None:
    own = [
        of_stack(OWN, "ROLLBACK_COMPLETE"),
        event(OWN, "Nested", "DELETE_COMPLETE", NESTED, kind=NESTED_TYPE),
        event(OWN, "a", "CREATE_FAILED", why=f"Bedrock says of {ARN}aaaaaaaaaaaa: no"),
        of_stack(OWN, "CREATE_IN_PROGRESS"),
        event(OWN, "z", "CREATE_FAILED", f"{ARN}aaaaaaaaaaag"),
    ]
    nested = [event(NESTED, "b", "CREATE_FAILED", f"{ARN}aaaaaaaaaaab"), of_stack(NESTED, "CREATE_IN_PROGRESS")]
    found = stack_jobs(*failed("ROLLBACK_COMPLETE", own=own, nested=nested), "Stack")
    assert {name: job.id for name, job in found.items()} == {"a": "a" * 12, "Nested/b": "aaaaaaaaaaab"}


def test_where_an_update_failed_the_stack_has_the_job_of_before() -> None:
    own = [
        event(OWN, "c", "UPDATE_FAILED", why=f"Bedrock says of {ARN}aaaaaaaaaaad: no"),
        of_stack(OWN, "UPDATE_IN_PROGRESS"),
    ]
    aws = failed("UPDATE_ROLLBACK_COMPLETE", "c", own=own)
    assert [job.id for job in stack_jobs(*aws, "Stack").values()] == ["aaaaaaaaaaac"]
    # Of which nobody asks why: of the one that failed.
    bedrock, cloudformation = aws
    known = bedrock.get_model_invocation_job
    bedrock.get_model_invocation_job = lambda **options: {**known(**options), "status": "Failed"}
    found = deployed_jobs(bedrock, cloudformation, "Stack", stack_jobs(*aws, "Stack"))
    assert [job.id for job in found.jobs.values()] == ["aaaaaaaaaaad"]
    assert found.kept == {f"{ARN}aaaaaaaaaaac"}
