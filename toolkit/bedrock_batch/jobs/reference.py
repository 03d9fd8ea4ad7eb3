"""Which job is meant: by ARN, id or name, or as a resource of a stack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bedrock_batch.jobs.arn import is_job_arn, is_job_identifier
from bedrock_batch.jobs.job import Job, JobError, get_job, list_jobs
from bedrock_batch.jobs.name import LONGEST, can_be_a_name
from bedrock_batch.values import shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_boto3_bedrock import BedrockClient
    from mypy_boto3_cloudformation import CloudFormationClient

RESOURCE_TYPE = "Custom::BedrockModelInvocationJob"
_SUGGESTED = 5


def find_job(bedrock: BedrockClient, reference: str) -> Job:
    """Find a job.

    Parameters
    ----------
    bedrock
        Client.
    reference : str
        Its ARN, the id at the end of that, or its name.

    Raises
    ------
    JobError
        If there is no such job, or several have that name.
    botocore.exceptions.ClientError
        If the service refuses to tell.
    """
    if is_job_identifier(reference):
        from botocore.exceptions import ClientError  # noqa: PLC0415 - slow to import

        try:
            return get_job(bedrock, reference)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ResourceNotFoundException":
                raise
    return get_job(bedrock, _by_name(bedrock, reference).arn)


def stack_jobs(bedrock: BedrockClient, cloudformation: CloudFormationClient, stack: str) -> dict[str, Job]:
    """Find the jobs of a stack: the physical ids of its resources of type `Custom::BedrockModelInvocationJob`.

    Parameters
    ----------
    bedrock, cloudformation
        Clients.
    stack : str
        The name or ARN of a stack.

    Returns
    -------
    dict of str to Job
        By logical id.

    Raises
    ------
    JobError
        If the stack has none.
    botocore.exceptions.ClientError
        If there is no such stack, or a service refuses to tell.
    """
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
    resources = (resource for page in pages for resource in page["StackResourceSummaries"])
    arns = {
        resource["LogicalResourceId"]: resource.get("PhysicalResourceId", "")
        for resource in resources
        if resource["ResourceType"] == RESOURCE_TYPE
    }
    jobs = {name: get_job(bedrock, arn) for name, arn in arns.items() if is_job_arn(arn)}
    if not jobs:
        raise JobError(f"stack {shortened(stack, 128)} has no resource of type {RESOURCE_TYPE}; name another stack")
    return jobs


def stack_job(jobs: dict[str, Job], logical_id: str | None) -> Job:
    """Choose one of the jobs of a stack.

    Parameters
    ----------
    jobs : dict of str to Job
        From `stack_jobs`.
    logical_id : str or None
        The beginning of its logical id, which for a construct of the CDK starts with the construct's id.
        Default: the only one.

    Raises
    ------
    JobError
        If that is none, or several.
    """
    found = [name for name in jobs if name.startswith(logical_id or "")]
    if len(found) != 1:
        which = "no job" if not found else f"{len(found)} jobs"
        begins = f" whose logical id starts with {shortened(logical_id)}" if logical_id else ""
        raise JobError(f"the stack has {which}{begins}; name one of {', '.join(sorted(jobs))}")
    return jobs[found[0]]


def _by_name(bedrock: BedrockClient, name: str) -> Job:
    similar = list(list_jobs(bedrock, nameContains=name)) if can_be_a_name(name) else []
    found = [job for job in similar if job.name == name]
    if len(found) > 1:
        raise JobError(f"{len(found)} jobs are called {shortened(name, LONGEST)}; name one by id: {_listed(found)}")
    if not found:
        hint = (
            f"; jobs with such a name: {_listed(similar)}" if similar else "; bedrock-batch list shows those there are"
        )
        raise JobError(f"there is no job {shortened(name, 128)} in {bedrock.meta.region_name}{hint}")
    return found[0]


def _listed(jobs: Sequence[Job]) -> str:
    shown = ", ".join(f"{job.id} ({job.name}, {job.status})" for job in jobs[:_SUGGESTED])
    return shown + (", …" if len(jobs) > _SUGGESTED else "")
