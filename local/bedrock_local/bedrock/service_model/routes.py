"""HTTP to operations: which one a request means, and what its parameters are."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from botocore.model import OperationModel, Shape
from botocore.utils import parse_timestamp

from bedrock_local.bedrock.service_model.errors import SerializationException
from bedrock_local.bedrock.service_model.validation import service_model
from bedrock_local.names.job_arn import RESOURCE_TYPE

#: Operations of ``bedrock`` on jobs.
OPERATIONS = (
    "CreateModelInvocationJob",
    "GetModelInvocationJob",
    "ListModelInvocationJobs",
    "StopModelInvocationJob",
    "TagResource",
    "UntagResource",
    "ListTagsForResource",
)
#: Operations of ``bedrock-runtime`` that ask a model, and the same whose answers come bit by bit.
INFERENCES = ("InvokeModel", "Converse")
STREAMS = ("InvokeModelWithResponseStream", "ConverseStream")
_TAGGING = frozenset(OPERATIONS[4:])


@dataclass(frozen=True)
class Route:
    """An operation that a request means.

    Parameters
    ----------
    operation
        The operation.
    path_parameters
        The members of its input that stand in the path.
    """

    operation: OperationModel
    path_parameters: Mapping[str, str]


@dataclass(frozen=True)
class Sent:
    """What a request says beside its path.

    Parameters
    ----------
    query
        The query string, decoded.
    headers
        By name in lower case.
    body
        The body.
    """

    query: Mapping[str, Sequence[str]]
    headers: Mapping[str, str]
    body: bytes


def operation_model(name: str) -> OperationModel:
    """Return the model of an operation that is answered here, of whichever service it is."""
    return service_model("bedrock" if name in OPERATIONS else "bedrock-runtime").operation_model(name)


def find_route(method: str, path: str, body: bytes) -> Route | None:
    """Find the operation that a request means.

    Parameters
    ----------
    method, path
        As in HTTP. An ARN in the path may be encoded or not.
    body
        Tagging is one set of paths for all of Bedrock: the body says whether the resource is a job.

    Returns
    -------
    Route or None
        None if the request is not about batch inference jobs, and asks no model.
    """
    for operation, pattern in _PATTERNS:
        match = pattern.fullmatch(unquote(path))
        if method == operation.http["method"] and match:
            ours = operation.name not in _TAGGING or f":{RESOURCE_TYPE}/".encode() in body
            return Route(operation, match.groupdict()) if ours else None
    return None


def parameters(route: Route, sent: Sent) -> dict[str, Any]:
    """Collect the parameters of an operation from path, query string, headers and body.

    Parameters
    ----------
    route
        The operation.
    sent
        What the request says beside its path.

    Returns
    -------
    dict[str, Any]
        The members of the input. Numbers and timestamps of the query string have their types.

    Raises
    ------
    SerializationException
        If the body is not a JSON object, or a query value is not what its type says.
    """
    shape = route.operation.input_shape
    if shape is None:
        return dict(route.path_parameters)
    values: dict[str, Any] = {}
    if payload := shape.serialization.get("payload"):
        values[payload] = sent.body
    elif any("location" not in member.serialization for member in shape.members.values()):
        values |= _json_object(sent.body)
    for name, member in shape.members.items():
        location, key = member.serialization.get("location"), member.serialization.get("name", name)
        if location == "querystring" and key in sent.query:
            values[name] = _typed(name, member, sent.query[key][0])
        elif location == "header" and key.lower() in sent.headers:
            values[name] = sent.headers[key.lower()]
    return values | dict(route.path_parameters)


def _typed(name: str, shape: Shape, text: str) -> Any:  # noqa: ANN401 -- the shape says which type
    try:
        if shape.type_name == "timestamp":
            return parse_timestamp(text)
        return int(text) if shape.type_name == "integer" else text
    except ValueError:
        raise SerializationException(f"'{text}' can not be converted to a {shape.type_name} at '{name}'") from None


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except ValueError:
        raise SerializationException("The request body is not JSON") from None
    if not isinstance(value, dict):
        raise SerializationException("The request body must be a JSON object")
    return value


def _pattern(uri: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>.+?)", uri))


_PATTERNS = tuple(
    (operation, _pattern(operation.http["requestUri"]))
    for operation in map(operation_model, (*OPERATIONS, *INFERENCES, *STREAMS))
)
