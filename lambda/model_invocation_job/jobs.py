"""Bedrock's model invocation jobs, and the only file that knows boto3's Bedrock client.

Errors of the API become the errors of this package, sorted by what can be done about them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from model_invocation_job.errors import (
    JobError,
    JobMayExistError,
    NotYetPermittedError,
    SubmissionError,
    ThrottledError,
    UnavailableError,
)
from model_invocation_job.rules import check

#: Text of a ValidationException that a role causes while IAM still spreads it.
_PROPAGATION_TEXTS = ("assume", "could not validate", "unable to validate")
#: How the service words a taken name; the error's code is reported as Conflict and as Validation.
_NAME_IN_USE_TEXT = "name is currently in use"

#: What can be done about a refusal, by its code; an error without one has not come from the service.
_KINDS = {
    "": UnavailableError,
    "AccessDeniedException": NotYetPermittedError,
    "InternalServerException": UnavailableError,
    "ThrottlingException": ThrottledError,
}


@dataclass(frozen=True)
class Job:
    """A job as Bedrock describes it; ``message`` and ``token`` are empty where it tells none."""

    arn: str
    name: str
    status: str
    message: str = ""
    token: str = ""
    role_arn: str = ""
    input_uri: str = ""
    output_uri: str = ""

    @property
    def id(self) -> str:
        """The last part of the ARN: twelve characters."""
        return self.arn.rpartition("/")[2]

    @property
    def told(self) -> dict[str, str]:
        """What a line of the log says of the job."""
        return {"jobArn": self.arn, "jobStatus": self.status}


class Jobs(Protocol):
    """The jobs of one account and Region."""

    def check(self, name: str, token: str, parameters: Mapping[str, Any]) -> None:
        """Refuse a job that would break a rule of the API, before anything is sent."""
        ...

    def create(self, name: str, token: str, parameters: Mapping[str, Any]) -> str:
        """Submit a job and return its ARN; after `JobMayExistError` there may be one all the same."""
        ...

    def get(self, arn: str) -> Job | None:
        """Describe a job; None if there is none of that ARN."""
        ...

    def find(self, part_of_name: str) -> Iterator[Job]:
        """Describe the jobs whose name contains a text, newest first."""
        ...

    def stop(self, arn: str) -> None:
        """Ask for a job's end. A job that has ended already is no error."""
        ...


class BedrockJobs:
    """The jobs in Amazon Bedrock, through a boto3 client of the service ``bedrock``."""

    def __init__(self, client: Any) -> None:  # noqa: ANN401 (boto3 makes its clients at run time; they have no class)
        self._client = client

    def check(self, name: str, token: str, parameters: Mapping[str, Any]) -> None:
        """See `Jobs.check`."""
        shape = self._client.meta.service_model.operation_model("CreateModelInvocationJob").input_shape
        check(shape, {"jobName": name, "clientRequestToken": token, **parameters}, "Job")

    def create(self, name: str, token: str, parameters: Mapping[str, Any]) -> str:
        """See `Jobs.create`."""
        try:
            response = self._client.create_model_invocation_job(jobName=name, clientRequestToken=token, **parameters)
        except (ClientError, BotoCoreError) as error:
            raise _submission_error(error) from error
        if not response.get("jobArn"):
            raise JobMayExistError("Bedrock's reply names no job")
        return str(response["jobArn"])

    def get(self, arn: str) -> Job | None:
        """See `Jobs.get`."""
        try:
            return _job(self._client.get_model_invocation_job(jobIdentifier=arn))
        except (ClientError, BotoCoreError) as error:
            if _code(error) == "ResourceNotFoundException":
                return None
            raise _error(error, f"the state of {arn} cannot be read") from error

    def find(self, part_of_name: str) -> Iterator[Job]:
        """See `Jobs.find`."""
        pages = self._client.get_paginator("list_model_invocation_jobs").paginate(
            nameContains=part_of_name, sortBy="CreationTime", sortOrder="Descending"
        )
        try:
            arns = [summary["jobArn"] for page in pages for summary in page["invocationJobSummaries"]]
        except (ClientError, BotoCoreError) as error:
            raise _error(error, f"jobs named like '{part_of_name}' cannot be listed") from error
        # A summary has neither token nor message.
        return (job for job in map(self.get, arns) if job)

    def stop(self, arn: str) -> None:
        """See `Jobs.stop`. What Conflict and Validation mean is for the reader of the job's state to say."""
        try:
            self._client.stop_model_invocation_job(jobIdentifier=arn)
        except (ClientError, BotoCoreError) as error:
            if _code(error) not in ("ConflictException", "ValidationException", "ResourceNotFoundException"):
                raise _error(error, f"{arn} cannot be stopped") from error


def _error(error: ClientError | BotoCoreError, what: str) -> JobError:
    return _KINDS.get(_code(error), JobError)(f"{what}: {_words(error)}")


def _submission_error(error: ClientError | BotoCoreError) -> JobError:
    code, words = _code(error), _words(error)
    if code == "ValidationException" and any(text in words.lower() for text in _PROPAGATION_TEXTS):
        return NotYetPermittedError(words)
    # Without a code the request may have arrived although its reply did not.
    if code in ("", "InternalServerException") or _NAME_IN_USE_TEXT in words:
        return JobMayExistError(words)
    if code in ("ThrottlingException", "AccessDeniedException"):
        return _error(error, "the job was not accepted")
    return SubmissionError(words)


def _code(error: ClientError | BotoCoreError) -> str:
    return str(error.response["Error"].get("Code", "")) if isinstance(error, ClientError) else ""


def _words(error: ClientError | BotoCoreError) -> str:
    if isinstance(error, ClientError):
        return f"{error.response['Error'].get('Message', error)} ({_code(error)})"
    return str(error)


def _job(description: Mapping[str, Any]) -> Job:
    return Job(
        arn=description["jobArn"],
        name=description.get("jobName", ""),
        status=description.get("status", ""),
        message=description.get("message", ""),
        token=description.get("clientRequestToken", ""),
        role_arn=description["roleArn"],
        input_uri=description["inputDataConfig"]["s3InputDataConfig"]["s3Uri"],
        output_uri=description["outputDataConfig"]["s3OutputDataConfig"]["s3Uri"],
    )
