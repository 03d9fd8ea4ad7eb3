"""Model invocation jobs: what the service tells of them, and how to stop one."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bedrock_batch.errors import BedrockBatchError
from bedrock_batch.jobs.arn import id_of
from bedrock_batch.jobs.status import ENDED, JobStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from mypy_boto3_bedrock import BedrockClient

# Stop answers one of these where there is nothing left to stop.
_NOTHING_TO_STOP = ("ConflictException", "ValidationException")
_STOP_POLL_SECONDS = 1.0


class JobError(BedrockBatchError):
    """A job that is not there, is not the only one, or is not in a state for what is asked; the message says which."""


@dataclass(frozen=True)
class Job:
    """A job, as GetModelInvocationJob or ListModelInvocationJobs tells it.

    Attributes
    ----------
    details : mapping
        The members of the response, under the API's own names. Those of List are fewer: no message, no counts.
    """

    details: Mapping[str, Any]

    @property
    def arn(self) -> str:
        """The `jobArn`."""
        return str(self.details["jobArn"])

    @property
    def id(self) -> str:
        """The last part of the ARN, and the name of the folder of its results."""
        return id_of(self.arn)

    @property
    def name(self) -> str:
        """The `jobName`."""
        return str(self.details["jobName"])

    @property
    def status(self) -> str:
        """The `status`, usually a `JobStatus`."""
        return str(self.details["status"])

    @property
    def message(self) -> str:
        """Why it failed; empty if it did not, or if List told."""
        return str(self.details.get("message", ""))

    @property
    def model(self) -> str:
        """The `modelId`, without what its ARN has before it."""
        return id_of(str(self.details["modelId"]))

    @property
    def submitted(self) -> datetime:
        """The `submitTime`."""
        time: datetime = self.details["submitTime"]
        return time

    @property
    def ended_at(self) -> datetime | None:
        """The `endTime`, or the time of the last change where the service tells none, as for Stopped; None before."""
        time: datetime | None = self.details.get("endTime") or self.details.get("lastModifiedTime")
        return time if self.ended else None

    @property
    def input_uri(self) -> str:
        """The S3 URI of its input, a file or a folder."""
        return str(self.details["inputDataConfig"]["s3InputDataConfig"]["s3Uri"])

    @property
    def output_uri(self) -> str:
        """The S3 URI of the folder of its results: the output location and the job's id."""
        return f"{str(self.details['outputDataConfig']['s3OutputDataConfig']['s3Uri']).rstrip('/')}/{self.id}/"

    @property
    def total(self) -> int:
        """The `totalRecordCount`; 0 before the service has counted. Counts can be a minute late."""
        return int(self.details.get("totalRecordCount", 0))

    @property
    def processed(self) -> int:
        """The `processedRecordCount`."""
        return int(self.details.get("processedRecordCount", 0))

    @property
    def succeeded(self) -> int:
        """The `successRecordCount`."""
        return int(self.details.get("successRecordCount", 0))

    @property
    def failed(self) -> int:
        """The `errorRecordCount`."""
        return int(self.details.get("errorRecordCount", 0))

    @property
    def ended(self) -> bool:
        """Whether the status is final."""
        return self.status in ENDED


def get_job(bedrock: BedrockClient, identifier: str) -> Job:
    """Get a job by ARN or id.

    Raises
    ------
    botocore.exceptions.ClientError
        As GetModelInvocationJob raises it: ResourceNotFoundException, AccessDeniedException, …
    JobError
        If the answer is no job.
    """
    answer: dict[str, Any] = dict(bedrock.get_model_invocation_job(jobIdentifier=identifier))
    answer.pop("ResponseMetadata", None)
    if "jobArn" not in answer:
        raise _no_answer(bedrock)
    return Job(answer)


def known_job(bedrock: BedrockClient, identifier: str) -> Job | None:
    """Get a job by ARN or id; None if the service knows none.

    Raises
    ------
    botocore.exceptions.ClientError
        As `get_job` does, for any other cause.
    """
    from botocore.exceptions import ClientError  # noqa: PLC0415 - slow to import

    try:
        return get_job(bedrock, identifier)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        return None


def list_jobs(bedrock: BedrockClient, **filters: Any) -> Iterator[Job]:  # noqa: ANN401 - the API's own, of several types
    """List jobs, newest first.

    Parameters
    ----------
    bedrock
        Client.
    filters
        Of ListModelInvocationJobs: `statusEquals`, `nameContains`, `submitTimeAfter`, `submitTimeBefore`; None is none.

    Raises
    ------
    botocore.exceptions.ClientError
        On the way, if the service refuses.
    JobError
        The same, if an answer is no list of jobs.
    """
    wanted = {name: value for name, value in filters.items() if value is not None}
    pages = bedrock.get_paginator("list_model_invocation_jobs").paginate(
        sortBy="CreationTime", sortOrder="Descending", **wanted
    )
    return (Job(summary) for page in pages for summary in _summaries(bedrock, page))


def _summaries(bedrock: BedrockClient, page: Mapping[str, Any]) -> Sequence[Any]:
    found: Sequence[Any] | None = page.get("invocationJobSummaries")
    # A service may leave out what is empty, but it says that it speaks JSON.
    if found is None and "json" not in page["ResponseMetadata"]["HTTPHeaders"].get("content-type", ""):
        raise _no_answer(bedrock)
    return found or ()


def _no_answer(bedrock: BedrockClient) -> JobError:
    """Tell of a page in HTML, of which boto3 makes an empty answer."""
    return JobError(f"what answers for {bedrock.meta.endpoint_url} knows no jobs; correct the endpoint")


def stop_job(
    bedrock: BedrockClient, job: Job, *, wait: bool = False, sleep: Callable[[float], None] = time.sleep
) -> Job:
    """Stop a job that has not ended; one that has is left as it is.

    Parameters
    ----------
    bedrock
        Client.
    job : Job
        The job.
    wait : bool
        Whether to return only when it has ended. Default: it may still be Stopping.
    sleep : callable
        Lets seconds pass. Default: `time.sleep`.

    Returns
    -------
    Job
        The job afterwards: Stopping, or ended, by this stop or by itself.

    Raises
    ------
    botocore.exceptions.ClientError
        If the service refuses for another cause than that there is nothing to stop.
    """
    if not job.ended and job.status != JobStatus.STOPPING:
        _stop(bedrock, job)
    job = get_job(bedrock, job.arn)
    while wait and not job.ended:
        sleep(_STOP_POLL_SECONDS)
        job = get_job(bedrock, job.arn)
    return job


def _stop(bedrock: BedrockClient, job: Job) -> None:
    from botocore.exceptions import ClientError  # noqa: PLC0415 - slow to import

    try:
        bedrock.stop_model_invocation_job(jobIdentifier=job.arn)
    except ClientError as error:
        refused = error.response["Error"]["Code"] in _NOTHING_TO_STOP
        now = get_job(bedrock, job.arn)
        if not refused or not (now.ended or now.status == JobStatus.STOPPING):
            raise
