"""Bedrock's model invocation jobs, and the only file that knows boto3's Bedrock client."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from model_invocation_job.arn import id_of
from model_invocation_job.errors import JobMayExistError
from model_invocation_job.jobs.refusals import Refusal, code, job_error, sorted_out, submission_error
from model_invocation_job.jobs.rules import check, check_tags
from model_invocation_job.requests.request import ONLY_WHILE_IT_RUNS
from model_invocation_job.status import COUNTS, EXPIRED, LIVE


@dataclass(frozen=True)
class Job:
    """A job as Bedrock describes it; what it does not tell is empty.

    Attributes
    ----------
    running
        The fields that matter only while a job runs, by their names in the API.
    lived
        Seconds from its submission to its end; infinite where that is not told.
    counts
        Those of its records that are told, by their names in the API.
    """

    arn: str
    name: str
    status: str
    message: str = ""
    token: str = ""
    role_arn: str = ""
    input_uri: str = ""
    output_uri: str = ""
    model_id: str = ""
    running: Mapping[str, Any] = field(default_factory=dict)
    lived: float = math.inf
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The last part of the ARN: twelve characters."""
        return id_of(self.arn)

    @property
    def last_words(self) -> str:
        """What Bedrock says of a job that has ended."""
        return f"Bedrock says of {self.arn}{f': {self.message}' if self.message else ' nothing more'}"

    @property
    def remedy(self) -> str:
        """What to do about a job that has ended without results, before its stack is deployed again."""
        longer = "Give it a longer 'timeout', or correct" if self.status == EXPIRED else "Correct"
        return f"{longer} the cause"

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

    def listed(self, part_of_name: str) -> list[Job]:
        """List the jobs whose name contains a text, newest first; a list tells neither token nor message."""
        ...

    def live(self) -> list[Job]:
        """List the jobs that run, wait to run, or are about to stop, whoever asked for them."""
        ...

    def stop(self, arn: str) -> None:
        """Ask for a job's end. A job that has ended already is no error."""
        ...

    def check_tags(self, tags: Sequence[Mapping[str, str]]) -> None:
        """Refuse tags that would break a rule of the API, before anything is sent."""
        ...

    def tags(self, arn: str) -> dict[str, str]:
        """Read a job's tags."""
        ...

    def tag(self, arn: str, tags: Mapping[str, str]) -> None:
        """Give a job tags, or its tags other values."""
        ...

    def untag(self, arn: str, keys: Sequence[str]) -> None:
        """Take tags from a job."""
        ...


class BedrockJobs:
    """The jobs in Amazon Bedrock, through a boto3 client of the service ``bedrock``."""

    def __init__(self, client: Any) -> None:  # noqa: ANN401 (boto3 makes its clients at run time; they have no class)
        self._client = client

    def check(self, name: str, token: str, parameters: Mapping[str, Any]) -> None:
        """See `Jobs.check`."""
        self.check_tags(parameters.get("tags", ()))
        check(self._input, {"jobName": name, "clientRequestToken": token, **parameters}, "Job")

    def create(self, name: str, token: str, parameters: Mapping[str, Any]) -> str:
        """See `Jobs.create`."""
        try:
            response = self._client.create_model_invocation_job(jobName=name, clientRequestToken=token, **parameters)
        except Refusal as error:
            raise submission_error(error) from error
        if not response.get("jobArn"):
            raise JobMayExistError("Bedrock's reply names no job")
        return str(response["jobArn"])

    def get(self, arn: str) -> Job | None:
        """See `Jobs.get`."""
        try:
            return _job(self._client.get_model_invocation_job(jobIdentifier=arn))
        except Refusal as error:
            if code(error) == "ResourceNotFoundException":
                return None
            raise job_error(error, f"the state of {arn} cannot be read") from error

    def listed(self, part_of_name: str) -> list[Job]:
        """See `Jobs.listed`."""
        with sorted_out(f"jobs named like '{part_of_name}' cannot be listed"):
            return self._list(nameContains=part_of_name)

    def live(self) -> list[Job]:
        """See `Jobs.live`."""
        with sorted_out("the jobs that run cannot be listed"):
            return [job for status in LIVE for job in self._list(statusEquals=status)]

    def stop(self, arn: str) -> None:
        """See `Jobs.stop`. What Conflict and Validation mean is for the reader of the job's state to say."""
        try:
            self._client.stop_model_invocation_job(jobIdentifier=arn)
        except Refusal as error:
            if code(error) not in ("ConflictException", "ValidationException", "ResourceNotFoundException"):
                raise job_error(error, f"{arn} cannot be stopped") from error

    def check_tags(self, tags: Sequence[Mapping[str, str]]) -> None:
        """See `Jobs.check_tags`."""
        check_tags(self._input.members["tags"], tags)

    def tags(self, arn: str) -> dict[str, str]:
        """See `Jobs.tags`."""
        with sorted_out(f"the tags of {arn} cannot be read"):
            response = self._client.list_tags_for_resource(resourceARN=arn)
        return {tag["key"]: tag["value"] for tag in response.get("tags", ())}

    def tag(self, arn: str, tags: Mapping[str, str]) -> None:
        """See `Jobs.tag`."""
        with sorted_out(f"the tags of {arn} cannot be set"):
            self._client.tag_resource(
                resourceARN=arn, tags=[{"key": key, "value": value} for key, value in tags.items()]
            )

    def untag(self, arn: str, keys: Sequence[str]) -> None:
        """See `Jobs.untag`."""
        with sorted_out(f"the tags of {arn} cannot be removed"):
            self._client.untag_resource(resourceARN=arn, tagKeys=list(keys))

    def _list(self, **those: str) -> list[Job]:
        pages = self._client.get_paginator("list_model_invocation_jobs").paginate(
            **those, sortBy="CreationTime", sortOrder="Descending"
        )
        return [_job(summary) for page in pages for summary in page["invocationJobSummaries"]]

    @property
    def _input(self) -> Any:  # noqa: ANN401 (a StructureShape; the client has no class)
        return self._client.meta.service_model.operation_model("CreateModelInvocationJob").input_shape


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
        model_id=description.get("modelId", ""),
        running={name: description[name] for name in ONLY_WHILE_IT_RUNS if name in description},
        lived=_lived(description),
        counts={name: description[name] for name in COUNTS if name in description},
    )


def _lived(description: Mapping[str, Any]) -> float:
    end = description.get("endTime") or description.get("lastModifiedTime")
    began = description.get("submitTime")
    return float((end - began).total_seconds()) if end and began else math.inf
