"""A CloudFormation request, turned from strings into types once.

CloudFormation sends every scalar of ``ResourceProperties`` as a string; ``24`` arrives as ``"24"``. No other
part of the function sees those strings. The construct renders these properties in
``cdk_bedrock_batch/_function/properties.py``.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from typing import Any

from model_invocation_job import status
from model_invocation_job.arn import STACK_ID, job_of_stack
from model_invocation_job.errors import InvalidRequestError
from model_invocation_job.requests.left_behind import LeftBehind, left_behind_of
from model_invocation_job.requests.properties import boolean, integer, kind, mapping, maps, text, texts
from model_invocation_job.requests.staged_object import StagedObject, staged_of

#: What Bedrock assumes when a field is absent: leaving it out and spelling it out ask for the same job. So do the
#: stack's own account and no ``s3BucketOwner``.
API_DEFAULTS = {"timeoutDurationInHours": 24, "modelInvocationType": "InvokeModel", "s3InputFormat": "JSONL"}
#: Fields that matter only while a job runs: its results do not depend on them.
ONLY_WHILE_IT_RUNS = ("timeoutDurationInHours", "vpcConfig", "roleArn")
#: Seconds for which a job's validation is waited for at most; one that is to be finished is waited for by others then.
LONGEST_VALIDATION = 600
#: Seconds for which anything is waited for at most. Source: CloudFormation user guide, wait conditions: twelve hours.
LONGEST_WAIT = 12 * 3600
#: Fields without which no job can be told from another; what else the API requires it says itself.
_PLACES = (("inputDataConfig", "s3InputDataConfig"), ("outputDataConfig", "s3OutputDataConfig"))


class WaitUntil(Enum):
    """When the deployment goes on."""

    SUBMITTED = "SUBMITTED"
    VALIDATED = "VALIDATED"
    FINISHED = "FINISHED"


@dataclass(frozen=True)
class JobRequest:
    """What one custom resource asks for.

    Attributes
    ----------
    parameters
        The input of ``CreateModelInvocationJob`` as it is sent, tags included, without name and token.
    physical_id
        What an earlier answer called the resource; absent on Create.
    client_request_token
        The user's own; empty to have one derived.
    wait_timeout
        Seconds to watch the job when ``wait_until`` is VALIDATED or FINISHED.
    role_of_stack
        Whether the stack makes the job's role, so that it may be seconds old.
    condition
        The logical id of the condition that waits for the job's end; empty if none does.
    accepts_partial
        Whether a job that was completed in part has the results that are asked for.
    left_behind
        What the job's role needs for as long as the job runs, and the stack does not remove; None if nothing is.
    own_buckets
        The logical ids of the buckets that the stack makes for its jobs and retains, of those that this job uses.
    leaves_running
        Whether a job that is not over at the end of the wait is to go on.
    """

    stack_id: str
    logical_id: str
    request_id: str
    physical_id: str | None
    parameters: Mapping[str, Any]
    name_prefix: str
    run_token: str
    client_request_token: str = ""
    staged: tuple[StagedObject, ...] = ()
    wait_until: WaitUntil = WaitUntil.VALIDATED
    wait_timeout: int = 600
    stop_on_delete: bool = True
    role_of_stack: bool = False
    condition: str = ""
    accepts_partial: bool = False
    left_behind: LeftBehind | None = None
    own_buckets: tuple[str, ...] = ()
    leaves_running: bool = False

    @property
    def validation_timeout(self) -> int:
        """Seconds for which the job's validation is waited for."""
        is_finished = self.wait_until is WaitUntil.FINISHED
        return min(self.wait_timeout, LONGEST_VALIDATION) if is_finished else self.wait_timeout

    def is_fulfilled_by(self, state: str) -> bool:
        """Whether a job that ended in a state has the results that are asked for."""
        return status.has_results(state, partial=self.accepts_partial)

    def may_adopt(self, state: str) -> bool:
        """Whether a job in a state has the results that are asked for, or is on its way to them."""
        return status.is_adoptable(state, partial=self.accepts_partial)

    @property
    def specification(self) -> Mapping[str, Any]:
        """The fields that make the job what it is, each in one spelling; ``run_token`` belongs to them."""
        stack = STACK_ID.fullmatch(self.stack_id)
        defaults = {**API_DEFAULTS, "s3BucketOwner": stack["account"] if stack else ""}
        fields = {name: value for name, value in self.parameters.items() if name != "tags"}
        token = {"clientRequestToken": self.client_request_token} if self.client_request_token else {}
        return {**_without(defaults, fields), **token}

    @property
    def results(self) -> Mapping[str, Any]:
        """The part of the specification that decides what the results are."""
        return {name: value for name, value in self.specification.items() if name not in ONLY_WHILE_IT_RUNS}

    @property
    def tags(self) -> Sequence[Mapping[str, str]]:
        """The job's tags, each with ``key`` and ``value``."""
        tags: Sequence[Mapping[str, str]] = self.parameters.get("tags", ())
        return tags

    @property
    def job_arn(self) -> str | None:
        """The physical id, if it is the ARN of a job in the stack's own account and Region; else None."""
        return self.physical_id if job_of_stack(self.physical_id or "", self.stack_id) else None


def parse(event: Mapping[str, Any], given: object) -> JobRequest:
    """Read an event of CloudFormation with one of its two sets of properties.

    Raises
    ------
    InvalidRequestError
        A property is missing or cannot be read; the text names it. It does not show the value, which may be one that
        the template's author hides (NoEcho).
    """
    properties = mapping(given, "the resource's properties")
    fields = {field: read(properties) for field, read in _READ_BY_DELETE.items()}
    if tags := maps(properties, "Tags", ("key", "value")):
        fields["parameters"]["tags"] = tags
    return _request(
        event,
        **fields,
        wait_until=_wait_until(properties),
        wait_timeout=integer(properties, "WaitTimeoutSeconds", JobRequest.wait_timeout, LONGEST_WAIT),
        role_of_stack=boolean(properties, "RoleOfStack", JobRequest.role_of_stack),
        condition=text(properties, "WaitCondition", ""),
        accepts_partial=boolean(properties, "AcceptPartialCompletion", JobRequest.accepts_partial),
    )


def parse_for_delete(event: Mapping[str, Any]) -> JobRequest:
    """Read a Delete, whatever its properties are: a resource that cannot be deleted blocks its stack.

    What another version of the construct wrote, or nobody, is passed over. Without a job that can be read, the physical
    id alone says which one it stands for.
    """
    given = event.get("ResourceProperties")
    fields: dict[str, Any] = {"parameters": {}, "name_prefix": "unknown", "run_token": ""}
    for field, read in _READ_BY_DELETE.items():
        with suppress(InvalidRequestError):
            fields[field] = read(mapping(given, "the resource's properties"))
    if isinstance(given, Mapping) and given.get("WaitUntil") == WaitUntil.FINISHED.value:
        # The end of such a wait may have left the job running on purpose.
        fields["wait_until"] = WaitUntil.FINISHED
    return _request(event, **fields)


def _request(event: Mapping[str, Any], **fields: Any) -> JobRequest:  # noqa: ANN401 (each of its own type)
    given = event.get("PhysicalResourceId")
    told = {field: event[name] for field, name in _IDS.items()}
    return JobRequest(**told, physical_id=given if isinstance(given, str) else None, **fields)


def _parameters(properties: Mapping[str, Any]) -> dict[str, Any]:
    job = mapping(properties.get("Job"), "the property 'Job'")
    text(job, "roleArn", place="Job.")
    for names in _PLACES:
        _place(job, *names)
    parameters = {name: value for name, value in job.items() if name != "clientRequestToken"}
    if "timeoutDurationInHours" in parameters:
        parameters["timeoutDurationInHours"] = integer(job, "timeoutDurationInHours")
    return parameters


def _place(job: Mapping[str, Any], outer: str, inner: str) -> None:
    config = mapping(job.get(outer), f"the property 'Job.{outer}'")
    place = mapping(config.get(inner), f"the property 'Job.{outer}.{inner}'")
    text(place, "s3Uri", place=f"Job.{outer}.{inner}.")


def _token(properties: Mapping[str, Any]) -> str:
    return text(mapping(properties.get("Job"), "the property 'Job'"), "clientRequestToken", "", "Job.")


def _without(defaults: Mapping[str, object], value: Any) -> Any:  # noqa: ANN401 (decoded JSON)
    if not isinstance(value, Mapping):
        return value
    return {name: _without(defaults, item) for name, item in value.items() if defaults.get(name) != item}


def _wait_until(properties: Mapping[str, Any]) -> WaitUntil:
    chosen = properties.get("WaitUntil", WaitUntil.VALIDATED.value)
    try:
        return WaitUntil(chosen)
    except ValueError:
        choices = ", ".join(w.value for w in WaitUntil)
        raise InvalidRequestError(f"the property 'WaitUntil' must be one of {choices}, got {kind(chosen)}") from None


_IDS = {"stack_id": "StackId", "logical_id": "LogicalResourceId", "request_id": "RequestId"}
#: All that a Delete depends on, and how it is read; whatever else cannot be read is none of its business.
_READ_BY_DELETE: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
    "parameters": _parameters,
    "client_request_token": _token,
    "name_prefix": lambda properties: text(properties, "JobNamePrefix"),
    "run_token": lambda properties: text(properties, "RunToken", ""),
    "stop_on_delete": lambda properties: boolean(properties, "StopOnDelete", JobRequest.stop_on_delete),
    "staged": staged_of,
    "left_behind": left_behind_of,
    "own_buckets": lambda properties: texts(properties, "OwnBuckets"),
    "leaves_running": lambda properties: boolean(properties, "LeaveRunning", default=False),
}
