"""The batch inference jobs of a deployment, and how they end."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bedrock_local.bedrock.jobs.status import Status
from bedrock_local.names.job_arn import is_job_arn, job_id_of
from bedrock_local.names.s3_uri import S3Uri

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from mypy_boto3_bedrock import BedrockClient
    from mypy_boto3_bedrock.type_defs import GetModelInvocationJobResponseTypeDef
    from mypy_boto3_cloudformation import CloudFormationClient

_POLL_SECONDS = 0.5


@dataclass(frozen=True)
class Job:
    """A job as GetModelInvocationJob tells it.

    Attributes
    ----------
    arn, name, status : str
        As in the response.
    message : str
        Why it failed; empty if it did not.
    output_uri : str
        The folder of its results: the output location of the job and its id.
    total, processed, succeeded : int
        Counts of records; zero before the service has counted.
    """

    arn: str
    name: str
    status: str
    message: str
    output_uri: str
    total: int
    processed: int
    succeeded: int

    @property
    def job_id(self) -> str:
        """The last part of the ARN, and the name of the folder of its results."""
        return job_id_of(self.arn)

    @property
    def ended(self) -> bool:
        """Whether the status is final."""
        return Status(self.status).ended

    @property
    def good(self) -> bool:
        """Whether it is Completed and at least one record has an output.

        A job whose records have all failed is Completed too.
        """
        return self.status == Status.COMPLETED and self.succeeded > 0


def all_arns(bedrock: BedrockClient) -> set[str]:
    """List every job there is."""
    pages = bedrock.get_paginator("list_model_invocation_jobs").paginate()
    return {job["jobArn"] for page in pages for job in page["invocationJobSummaries"]}


def stack_arns(cloudformation: CloudFormationClient, stacks: Iterable[str]) -> set[str]:
    """List the jobs that are resources of stacks: their physical ids are ARNs of jobs."""
    resources = (
        resource.get("PhysicalResourceId", "")
        for stack in stacks
        for page in cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
        for resource in page["StackResourceSummaries"]
    )
    return {physical_id for physical_id in resources if is_job_arn(physical_id)}


def watch(bedrock: Callable[[str], BedrockClient], arns: Iterable[str]) -> Iterator[Job]:
    """Tell each job again and again until all have ended; the last word on each is its end.

    Parameters
    ----------
    bedrock
        Returns the client for a job's account and Region.
    arns
        The jobs.
    """
    running = set(arns)
    while running:
        for arn in sorted(running):
            job = look(bedrock(arn), arn)
            if job.ended:
                running.discard(arn)
            yield job
        if running:
            time.sleep(_POLL_SECONDS)


def look(bedrock: BedrockClient, arn: str) -> Job:
    """Ask how a job is now.

    Parameters
    ----------
    bedrock
        Client of the local AWS.
    arn
        Of the job.
    """
    return _job(bedrock.get_model_invocation_job(jobIdentifier=arn))


def _job(response: GetModelInvocationJobResponseTypeDef) -> Job:
    arn = response["jobArn"]
    output = S3Uri.parse(response["outputDataConfig"]["s3OutputDataConfig"]["s3Uri"])
    return Job(
        arn=arn,
        name=response["jobName"],
        status=response["status"],
        message=response.get("message", ""),
        output_uri=str(output.join(job_id_of(arn))),
        total=response.get("totalRecordCount", 0),
        processed=response.get("processedRecordCount", 0),
        succeeded=response.get("successRecordCount", 0),
    )
