"""The jobs of a CloudFormation stack and of those nested in it, also when it is deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bedrock_batch.jobs.arn import is_job_arn
from bedrock_batch.jobs.deployment import NESTED_TYPE, RESOURCE_TYPE, last_deployment
from bedrock_batch.jobs.job import Job, JobError, known_job
from bedrock_batch.jobs.known_stack import DELETED, known_stack
from bedrock_batch.values import shortened

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from mypy_boto3_bedrock import BedrockClient
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import StackResourceSummaryTypeDef


class NoJobsError(JobError):
    """A stack has no job of its own."""


def _no_word(_text: str) -> None:
    pass


def stack_jobs(
    bedrock: BedrockClient,
    cloudformation: CloudFormationClient,
    stack: str,
    *,
    on_gone: Callable[[str], None] = _no_word,
) -> dict[str, Job]:
    """Find the jobs of a stack: the physical ids of its resources of type `Custom::BedrockModelInvocationJob`.

    Of a stack that is deleted CloudFormation tells the resources for 90 days ("ListStacks" in its API reference), so
    that the way to the results stays. Of several that had the name, the newest counts. Of one that was never deployed
    whole, and of one that has none, they are those that the events of its last deployment tell.

    Parameters
    ----------
    bedrock, cloudformation
        Clients.
    stack : str
        The name or ARN of a stack.
    on_gone : callable
        Told of each job that Bedrock no longer knows, while it knows others. Default: nobody is.

    Returns
    -------
    dict of str to Job
        The newest job first, by logical id; in a nested stack by the logical ids that lead there, such as
        ``Nested/Job``.

    Raises
    ------
    NoJobsError
        If the stack has none, or Bedrock no longer knows any.
    botocore.exceptions.ClientError
        If there is no such stack, or a service refuses to tell.
    """
    known = known_stack(cloudformation, stack)
    found = _below(cloudformation, known.reference, RESOURCE_TYPE)
    arns = {name: physical_id for name, physical_id in found if is_job_arn(physical_id)}
    if not arns and (known.failed or known.status == DELETED):
        arns = last_deployment(cloudformation, known.reference).jobs
    jobs = {name: job for name, arn in arns.items() if (job := known_job(bedrock, arn))}
    if not jobs:
        gone = f", and Bedrock knows none of {', '.join(arns.values())}" if arns else ""
        raise NoJobsError(f"stack {shortened(stack, 128)} has no job{gone}; name another stack")
    for name in arns.keys() - jobs.keys():
        on_gone(f"{name} is left out: Bedrock no longer knows its job {arns[name]}")
    return dict(sorted(jobs.items(), key=lambda item: item[1].submitted, reverse=True))


def stack_job(jobs: dict[str, Job], logical_id: str) -> Job:
    """Choose one of the jobs of a stack.

    Parameters
    ----------
    jobs : dict of str to Job
        From `stack_jobs`.
    logical_id : str
        Its logical id or the beginning of that, which for a construct of the CDK starts with the construct's id; in a
        nested stack with or without those that lead there.

    Raises
    ------
    JobError
        If that is none, or several.
    """
    found = called(jobs, logical_id)
    if len(found) != 1:
        which = "no job" if not found else f"{len(found)} jobs"
        begins = f" whose logical id starts with {shortened(logical_id)}"
        raise JobError(f"the stack has {which}{begins}; name one of {', '.join(sorted(jobs))}")
    return jobs[found[0]]


def called(names: Collection[str], logical_id: str) -> list[str]:
    """Choose the logical ids that are meant by one or by its beginning, with or without those that lead there."""
    exact = [name for name in names if logical_id in (name, _last(name))]
    return exact or [name for name in names if name.startswith(logical_id) or _last(name).startswith(logical_id)]


def stack_resources(cloudformation: CloudFormationClient, stack: str, kind: str) -> Iterator[tuple[str, str]]:
    """Find the resources of a type in a stack and in those nested in it, also when it is deleted.

    Parameters
    ----------
    cloudformation, stack
        As in `stack_jobs`.
    kind : str
        The type.

    Yields
    ------
    tuple of str and str
        The logical id, in a nested stack with those that lead there, and the physical one.
    """
    return _below(cloudformation, known_stack(cloudformation, stack).reference, kind)


def _last(name: str) -> str:
    return name.rpartition("/")[2]


def _below(cloudformation: CloudFormationClient, stack: str, kind: str) -> Iterator[tuple[str, str]]:
    for resource in _resources(cloudformation, stack):
        name, physical_id = resource["LogicalResourceId"], resource.get("PhysicalResourceId", "")
        if resource["ResourceType"] == kind and physical_id:
            yield name, physical_id
        elif resource["ResourceType"] == NESTED_TYPE and physical_id:
            for below, found in _below(cloudformation, physical_id, kind):
                yield f"{name}/{below}", found


def _resources(cloudformation: CloudFormationClient, stack: str) -> Iterator[StackResourceSummaryTypeDef]:
    for page in cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack):
        yield from page["StackResourceSummaries"]
