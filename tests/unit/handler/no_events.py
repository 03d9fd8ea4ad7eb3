"""What may stand where something else should: a value of each of JSON's types, and some that are too much of one."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from hypothesis import strategies as st

from model_invocation_job.requests.resource_types import JOB as JOB_TYPE

from .answering import event
from .function import FINISHED
from .response_endpoint import ResponseEndpoint
from .room import PARAMETERS, REQUEST


def nested(levels: int) -> Any:
    value: Any = "end"
    for _ in range(levels):
        value = [value]
    return value


#: By what they are.
VALUES: Mapping[str, Any] = {
    "nothing": None,
    "true": True,
    "zero": 0,
    "negative": -1,
    "number": 1.5,
    "infinite": float("inf"),
    "empty": "",
    "text": "text",
    "not_unicode": "\ud800",
    "control": "\0\r\n" * 9,
    "long": "x" * 100_000,
    "list": ["text"],
    "empty_list": [],
    "map": {"text": "text"},
    "empty_map": {},
    "deep": nested(900),
    "deep_map": json.loads('{"a":' * 900 + "1" + "}" * 900),
}
JOB = {**PARAMETERS, "clientRequestToken": "token", "timeoutDurationInHours": "24", "vpcConfig": {}}
LEFT = {"RoleName": "role", "DeleteRole": "true", "Policies": ["policy"], "ManagedPolicies": ["arn"]}
#: Everything that the function reads of a job's resource.
PROPERTIES = {
    **FINISHED,
    "Job": JOB,
    "RunToken": "1",
    "StopOnDelete": "true",
    "RoleOfStack": "false",
    "AcceptPartialCompletion": "false",
    "Tags": [{"key": "team", "value": "blue"}],
    "StagedInput": [{"Source": "s3://assets/a", "Target": "s3://in/a.jsonl"}],
    "LeftBehind": LEFT,
}
ARN = "arn:aws:bedrock:us-east-1:000000000000:model-invocation-job/job000000000"
ASKED = {
    "JobArn": ARN,
    "WaitTimeoutSeconds": "43200",
    "OutputUri": "s3://out/",
    "AcceptPartialCompletion": "false",
    "LeaveRunning": "false",
    "ReadManifest": "true",
}


def request(endpoint: ResponseEndpoint, kind: str, resource_type: str) -> dict[str, Any]:
    """Return a whole request of CloudFormation."""
    properties = PROPERTIES if resource_type == JOB_TYPE else ASKED
    return event(
        endpoint,
        RequestType=kind,
        StackId=REQUEST.stack_id,
        ResourceType=resource_type,
        PhysicalResourceId=ARN,
        ResourceProperties=properties,
        OldResourceProperties=properties,
    )


def places(value: Any, *path: Any) -> Iterator[tuple[Any, ...]]:
    """Go through all that a value is made of, each by the way to it."""
    items: Any = enumerate(value) if isinstance(value, list) else value.items() if isinstance(value, dict) else ()
    for name, inner in items:
        yield (*path, name)
        yield from places(inner, *path, name)


def with_another(value: Any, path: tuple[Any, ...], other: Any) -> Any:
    """Return the same with something else in one place."""
    if not path:
        return other
    first, *rest = path
    if isinstance(value, list):
        return [with_another(item, tuple(rest), other) if at == first else item for at, item in enumerate(value)]
    return {**value, first: with_another(value[first], tuple(rest), other)}


#: Any JSON, a part of it as those who know the function would forge it.
names = st.one_of(st.sampled_from(sorted({str(path[-1]) for path in places(PROPERTIES | ASKED)})), st.text(max_size=5))
leaves = st.one_of(
    st.sampled_from(list(VALUES.values())), st.text(max_size=8), st.integers(), st.floats(), st.booleans()
)
anything = st.recursive(leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=6))
