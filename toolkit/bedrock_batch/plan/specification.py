"""What makes a job what it is: another specification is another job, and whatever else changes is changed in place.

The function decides so in ``model_invocation_job/requests/request.py``; this room has its rules once more, and a test
holds them together.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bedrock_batch.plan.template.known import NotKnownError, Text, Value, plain, shown
from bedrock_batch.plan.template.side import ALL

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Resources that the construct makes: a job, and a run of a pipeline, which begins when its stack is deployed.
JOB, RUN = "Custom::BedrockModelInvocationJob", "Custom::BedrockBatchInferenceRun"
#: What Bedrock assumes when a field is absent: to spell it out is no change.
API_DEFAULTS = {"timeoutDurationInHours": "24", "modelInvocationType": "InvokeModel", "s3InputFormat": "JSONL"}
#: Fields that matter only while a job runs: a job that has completed is kept when they change.
ONLY_WHILE_IT_RUNS = ("timeoutDurationInHours", "vpcConfig", "roleArn")
#: Tags, which are changed in place.
TAGS = "Tags"
_OWNER = "s3BucketOwner"
_TOKEN = "RunToken"  # noqa: S105 - the name of a property
# The parameters of the construct that fields of the call, and other properties, come from.
_PARAMETERS = {
    "modelId": "model",
    "roleArn": "role",
    "inputDataConfig": "input_data",
    "outputDataConfig": "output_data",
    "s3EncryptionKeyId": "encryption_key",
    "vpcConfig": "vpc",
    "timeoutDurationInHours": "timeout",
    "modelInvocationType": "invocation_type",
    "clientRequestToken": "client_request_token",
    _TOKEN: "run_token",
    TAGS: "tags",
    "JobNamePrefix": "job_name",
    "StopOnDelete": "stop_on_delete",
    "WaitUntil": "wait_until",
    "WaitTimeoutSeconds": "wait_timeout",
    "AcceptPartialCompletion": "accept_partial_completion",
}
_PART, _WISH = 8, 16


def specification(properties: Mapping[str, Value], account: str) -> dict[str, Value]:
    """Return what of a resource's properties makes its job what it is, each in one spelling.

    Parameters
    ----------
    properties : mapping
        Of the custom resource.
    account : str
        The stack's own, which is no owner to name.
    """
    job = properties.get("Job")
    fields = _without({**API_DEFAULTS, _OWNER: account}, job)
    # Where not even its members are known, nothing is left out.
    told: dict[str, Value] = fields if isinstance(fields, dict) else {"Job": job, ALL: properties.get(ALL)}
    token = properties.get(_TOKEN)
    return {**told, **({} if token in (None, Text()) else {_TOKEN: token})}


def results_of(whole: Mapping[str, Value]) -> dict[str, Value]:
    """Return the part of a specification that decides what the results are."""
    return {name: value for name, value in whole.items() if name not in ONLY_WHILE_IT_RUNS}


def is_of_users(path: tuple[str, ...]) -> bool:
    """Say whether a property is one that users name, and not only told to the function."""
    return any(each in _PARAMETERS for each in path)


def parameter(path: tuple[str, ...]) -> str:
    """Name the parameter of the construct that a part of a specification comes from."""
    named = [_PARAMETERS[each] for each in path if each in _PARAMETERS]
    return named[-1] if named else ".".join(path)


@dataclass(frozen=True)
class Identity:
    """How the jobs of a specification are known: by the digests in their names and client request tokens.

    Attributes
    ----------
    owner, specification : str
        What a token begins with. The latter is empty where a part of what only matters while a job runs is not known,
        such as a role that is to be made: then no job that is there runs with it.
    results, wish, earlier_wish : str
        What names have: those of all jobs with the same results, of the same specification, and of earlier versions.
        The last two are empty where the specification is.
    run : str
        The name of the execution by which a pipeline runs.
    given_token : str
        The user's own client request token; empty if there is none.
    """

    owner: str
    specification: str
    results: str
    wish: str
    earlier_wish: str
    run: str
    given_token: str = ""

    @classmethod
    def of(cls, stack_id: str, logical_id: str, whole: Mapping[str, Value]) -> Identity:
        """Derive what the jobs of a specification are known by.

        Raises
        ------
        NotKnownError
            If a part of what decides the results is not known.
        """
        owner, results, every = _digest(stack_id, logical_id), _told(results_of(whole)), ""
        with suppress(NotKnownError):
            every = _told(whole)
        part, earlier = _digest(owner, results)[:_PART], _digest(owner, every)[:_WISH] if every else ""
        run = f"deployed-{hashlib.sha256(f'{owner} {results}'.encode()).hexdigest()[:_WISH]}"
        token = shown(whole["clientRequestToken"]) if "clientRequestToken" in whole else ""
        return cls(owner, every, part, part + earlier[:_PART] if every else "", earlier, run, token)

    def is_asked_for_by(self, token: str) -> bool:
        """Say whether a token of ours, of whatever stack, asks for the specification."""
        return bool(self.specification) and token.split("-")[1:2] == [self.specification]


def _told(whole: Mapping[str, Value]) -> str:
    """Return the digest of a specification, or of a part of it, as the function makes it."""
    told: Any = plain(dict(whole))
    run_token = told.pop(_TOKEN, "")
    if (hours := told.get("timeoutDurationInHours", "")).isdecimal():
        told["timeoutDurationInHours"] = int(hours)
    return _digest(told, run_token)


def _without(defaults: Mapping[str, str], value: Value) -> Value:
    if not isinstance(value, dict):
        return value
    return {name: _without(defaults, each) for name, each in value.items() if not _is_default(defaults, name, each)}


def _is_default(defaults: Mapping[str, str], name: str, value: Value) -> bool:
    return name in defaults and isinstance(value, Text) and value.value == defaults[name]


def _digest(*parts: object) -> str:
    canonical = json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()[:32]
