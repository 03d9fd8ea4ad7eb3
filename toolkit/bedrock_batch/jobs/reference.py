"""Which job is meant: by ARN, id or name, or as another try of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bedrock_batch.jobs.arn import is_job_identifier
from bedrock_batch.jobs.job import Job, JobError, get_job, known_job, list_jobs
from bedrock_batch.jobs.name import LONGEST, can_be_a_name, retry_mark
from bedrock_batch.values import shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_boto3_bedrock import BedrockClient

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
        job = known_job(bedrock, reference)
        if job:
            return job
    return get_job(bedrock, _by_name(bedrock, reference).arn)


def retries_of(bedrock: BedrockClient, job: Job) -> list[Job]:
    """Find the jobs that try records of a job again, those of `submit_retry`, and the ones that try theirs again.

    Parameters
    ----------
    bedrock
        Client.
    job : Job
        The job.

    Returns
    -------
    list of Job
        The newest first.

    Raises
    ------
    botocore.exceptions.ClientError
        If the service refuses to tell.
    """
    again = [get_job(bedrock, each.arn) for each in list_jobs(bedrock, nameContains=retry_mark(job.id))]
    found = [*again, *(each for retry in again for each in retries_of(bedrock, retry))]
    return sorted(found, key=lambda each: each.submitted, reverse=True)


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
