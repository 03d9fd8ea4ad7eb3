"""A request of the resource by which a pipeline runs when its stack is deployed."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from model_invocation_job.arn import execution_of
from model_invocation_job.errors import InvalidRequestError
from model_invocation_job.requests.properties import boolean, mapping, text
from model_invocation_job.requests.request import JobRequest, parse


@dataclass(frozen=True)
class RunRequest:
    """What one of them asks for.

    Attributes
    ----------
    asked
        The call that all jobs of the run have in common, the run token, and who asks.
    machine
        The ARN of the pipeline's state machine, of which the run is an execution.
    jobs_function
        The ARN of the pipeline's function for jobs, which can stop those of an execution that is over.
    concurrent
        Whether others of the pipeline's runs may go on meanwhile.
    """

    asked: JobRequest
    machine: str
    jobs_function: str
    concurrent: bool = False

    def execution(self, name: str) -> str:
        """Return the ARN of the machine's execution of a name."""
        return execution_of(self.machine, name)

    def is_execution(self, arn: str | None) -> bool:
        """Whether something is the ARN of an execution of the machine."""
        return bool(arn and arn.startswith(self.execution("")))


def parse_run(event: Mapping[str, Any], given: object) -> RunRequest:
    """Read an event of CloudFormation with one of its two sets of properties.

    Raises
    ------
    InvalidRequestError
        A property is missing or cannot be read; the text names it.
    """
    properties = mapping(given, "the resource's properties")
    machine, function = (text(properties, name) for name in ("StateMachineArn", "JobsFunction"))
    concurrent = boolean(properties, "ConcurrentRuns", RunRequest.concurrent)
    return RunRequest(parse(event, given), machine, function, concurrent)


def earlier_run(event: Mapping[str, Any]) -> RunRequest | None:
    """Read what was asked for before an Update; None where that was nothing, or cannot be read."""
    with suppress(InvalidRequestError):
        return parse_run(event, event.get("OldResourceProperties"))
    return None
