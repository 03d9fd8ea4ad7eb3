"""A CloudFormation request, turned from strings into types once.

CloudFormation sends every scalar of ``ResourceProperties`` as a string; ``24`` arrives as ``"24"``. No other
module of the function sees those strings. The construct renders these properties in
``cdk_bedrock_batch/_properties.py``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from model_invocation_job.errors import InvalidRequestError

#: What Bedrock assumes when a field is absent: leaving it out and spelling it out ask for the same job.
API_DEFAULTS = {"timeoutDurationInHours": 24, "modelInvocationType": "InvokeModel"}

_JOB_ARN = re.compile(r"(arn:aws[^:]*):bedrock:([a-z0-9-]+:[0-9]{12}):model-invocation-job/[a-z0-9]{12}")
_STACK_ID = re.compile(r"(arn:aws[^:]*):cloudformation:([a-z0-9-]+:[0-9]{12}):stack/.+")


class WaitUntil(Enum):
    """When the deployment goes on."""

    SUBMITTED = "SUBMITTED"
    VALIDATED = "VALIDATED"


@dataclass(frozen=True)
class StagedObject:
    """One object to copy into place before the job starts: two S3 URIs."""

    source: str
    target: str


@dataclass(frozen=True)
class JobRequest:
    """What one custom resource asks for.

    Attributes
    ----------
    parameters
        The input of ``CreateModelInvocationJob`` without name, token and tags: with ``run_token`` the specification.
    physical_id
        What an earlier answer called the resource; absent on Create.
    wait_timeout
        Seconds to watch the job when ``wait_until`` is VALIDATED.
    """

    stack_id: str
    logical_id: str
    request_id: str
    physical_id: str | None
    parameters: Mapping[str, Any]
    name_prefix: str
    run_token: str
    staged: tuple[StagedObject, ...] = ()
    wait_until: WaitUntil = WaitUntil.VALIDATED
    wait_timeout: int = 600
    stop_on_delete: bool = True

    @property
    def job_arn(self) -> str | None:
        """The physical id, if it is the ARN of a job in the stack's own account and Region; else None."""
        job, stack = _JOB_ARN.fullmatch(self.physical_id or ""), _STACK_ID.fullmatch(self.stack_id)
        return self.physical_id if job and stack and job.groups() == stack.groups() else None


def parse(event: Mapping[str, Any], properties: Mapping[str, Any]) -> JobRequest:
    """Read an event of CloudFormation with one of its two sets of properties.

    Raises
    ------
    InvalidRequestError
        A property is missing or cannot be read; the text names it. It does not show the value, which may be one that
        the template's author hides (NoEcho).
    """
    return JobRequest(
        stack_id=event["StackId"],
        logical_id=event["LogicalResourceId"],
        request_id=event["RequestId"],
        physical_id=event.get("PhysicalResourceId"),
        parameters=_parameters(properties),
        name_prefix=_text(properties, "JobNamePrefix"),
        run_token=properties.get("RunToken", ""),
        staged=_staged(properties),
        wait_until=_wait_until(properties),
        wait_timeout=_integer(properties, "WaitTimeoutSeconds", JobRequest.wait_timeout),
        stop_on_delete=_boolean(properties, "StopOnDelete", JobRequest.stop_on_delete),
    )


def parse_for_delete(event: Mapping[str, Any]) -> JobRequest:
    """Read a Delete, whatever its properties are: a resource that cannot be deleted blocks its stack.

    Properties that another version of the construct wrote leave a request that asks for nothing. Its physical id still
    says which job it stands for.
    """
    try:
        return parse(event, event["ResourceProperties"])
    except InvalidRequestError:
        return parse(event, {"Job": {}, "JobNamePrefix": "unknown"})


def _parameters(properties: Mapping[str, Any]) -> dict[str, Any]:
    job = properties.get("Job")
    if not isinstance(job, Mapping):
        raise InvalidRequestError(f"the property 'Job' must be a map of API fields, got {_kind(job)}")
    parameters = dict(job)
    if "timeoutDurationInHours" in parameters:
        parameters["timeoutDurationInHours"] = _integer(job, "timeoutDurationInHours", 0)
    return {name: value for name, value in parameters.items() if API_DEFAULTS.get(name) != value}


def _staged(properties: Mapping[str, Any]) -> tuple[StagedObject, ...]:
    try:
        return tuple(StagedObject(item["Source"], item["Target"]) for item in properties.get("StagedInput", ()))
    except (TypeError, KeyError):
        raise InvalidRequestError("the property 'StagedInput' must be a list of maps with Source and Target") from None


def _kind(value: object) -> str:
    return {type(None): "nothing", str: "another text"}.get(type(value), f"a {type(value).__name__}")


def _text(properties: Mapping[str, Any], name: str) -> str:
    value = properties.get(name)
    if not isinstance(value, str) or not value:
        raise InvalidRequestError(f"the property '{name}' must be a text, got {_kind(value)}")
    return value


def _integer(properties: Mapping[str, Any], name: str, default: int) -> int:
    value = properties.get(name, default)
    try:
        return int(value)
    except (TypeError, ValueError):
        raise InvalidRequestError(f"the property '{name}' must be a whole number, got {_kind(value)}") from None


def _boolean(properties: Mapping[str, Any], name: str, default: object) -> bool:
    value = str(properties.get(name, default)).lower()
    if value not in ("true", "false"):
        raise InvalidRequestError(f"the property '{name}' must be true or false, got another text")
    return value == "true"


def _wait_until(properties: Mapping[str, Any]) -> WaitUntil:
    value = properties.get("WaitUntil", WaitUntil.VALIDATED.value)
    try:
        return WaitUntil(value)
    except ValueError:
        choices = ", ".join(w.value for w in WaitUntil)
        raise InvalidRequestError(f"the property 'WaitUntil' must be one of {choices}, got another text") from None
