"""The jobs of a stack that is asked about: those that it keeps, and those of a deployment that has failed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bedrock_batch.jobs.deployment import last_deployment
from bedrock_batch.jobs.job import known_job
from bedrock_batch.jobs.known_stack import known_stack
from bedrock_batch.jobs.status import JobStatus

if TYPE_CHECKING:
    from mypy_boto3_bedrock import BedrockClient
    from mypy_boto3_cloudformation import CloudFormationClient

    from bedrock_batch.jobs.job import Job


@dataclass(frozen=True)
class DeployedJobs:
    """The jobs of a stack.

    Attributes
    ----------
    jobs : dict of str to Job
        By logical id; where the last deployment failed, that of it counts, and not the one that the stack went back to.
    kept : frozenset of str
        The ARNs of those that the stack has, which another deployment leaves as they are.
    removed : frozenset of str
        The physical ids of what went when the stack rolled back, such as the names of roles and buckets.
    """

    jobs: dict[str, Job]
    kept: frozenset[str]
    removed: frozenset[str]


def deployed_jobs(
    bedrock: BedrockClient, cloudformation: CloudFormationClient, stack: str, jobs: dict[str, Job]
) -> DeployedJobs:
    """Put the jobs of a stack's last deployment, if that failed, before those that the stack has.

    Parameters
    ----------
    bedrock, cloudformation, stack
        As in `stack_jobs`.
    jobs : dict of str to Job
        What that found.

    Raises
    ------
    botocore.exceptions.ClientError
        If a service refuses to tell.
    """
    known = known_stack(cloudformation, stack)
    if not known.failed:
        return DeployedJobs(jobs, frozenset(job.arn for job in jobs.values()), frozenset())
    last = last_deployment(cloudformation, known.reference)
    kept = frozenset() if known.is_new else frozenset(job.arn for job in jobs.values())
    tried = {name: job for name, arn in last.jobs.items() if arn not in kept and (job := known_job(bedrock, arn))}
    failed = {name: job for name, job in tried.items() if job.status == JobStatus.FAILED}
    return DeployedJobs(jobs | failed, kept, last.resources if known.rolled_back else frozenset())
