"""A request of the resources that wait for a job's end: the one that tells its results, and the links before it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from model_invocation_job.arn import job_of_stack
from model_invocation_job.errors import InvalidRequestError
from model_invocation_job.requests.properties import boolean, integer, mapping, text
from model_invocation_job.requests.request import LONGEST_WAIT
from model_invocation_job.requests.resource_types import RESULTS, kind_of


@dataclass(frozen=True)
class ResultsRequest:
    """What one of them asks for.

    Attributes
    ----------
    job
        The ARN of the job.
    wait_timeout
        Seconds to wait, where nobody has said since when.
    output_uri
        Where the job's folder is; empty for a link.
    leaves_running
        Whether a job that is not over at the end of the wait is to go on.
    reads_manifest
        Whether the numbers of tokens are asked for.
    """

    stack_id: str
    logical_id: str
    physical_id: str | None
    job: str
    wait_timeout: int
    output_uri: str = ""
    accepts_partial: bool = False
    leaves_running: bool = False
    reads_manifest: bool = False

    @property
    def folder(self) -> str:
        """The URI of the job's folder, with its slash."""
        return f"{self.output_uri.rstrip('/')}/{self.job.rpartition('/')[2]}/"


def parse_results(event: Mapping[str, Any]) -> ResultsRequest:
    """Read a Create or an Update.

    Raises
    ------
    InvalidRequestError
        A property is missing or cannot be read; the text names it.
    """
    properties = mapping(event.get("ResourceProperties"), "the resource's properties")
    job = text(properties, "JobArn")
    if not job_of_stack(job, event["StackId"]):
        raise InvalidRequestError("the property 'JobArn' must be the ARN of a job in the stack's account and Region")
    return ResultsRequest(
        stack_id=event["StackId"],
        logical_id=event["LogicalResourceId"],
        physical_id=event.get("PhysicalResourceId"),
        job=job,
        wait_timeout=integer(properties, "WaitTimeoutSeconds", 0, LONGEST_WAIT),
        output_uri=text(properties, "OutputUri", None if kind_of(event) == RESULTS else ""),
        accepts_partial=boolean(properties, "AcceptPartialCompletion", default=False),
        leaves_running=boolean(properties, "LeaveRunning", default=False),
        reads_manifest=boolean(properties, "ReadManifest", default=False),
    )
