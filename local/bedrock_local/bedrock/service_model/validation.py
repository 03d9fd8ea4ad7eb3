"""Requests checked against the service model that boto3 ships, all of it.

botocore itself checks required members, types and minimums before it sends; the service checks the rest too, and its
words are what a user sees: ``1 validation error detected: Value 'a_b' at 'jobName' failed to satisfy constraint: ...``.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from types import MappingProxyType
from typing import Any

from botocore.loaders import Loader
from botocore.model import ListShape, MapShape, OperationModel, ServiceModel, Shape, StructureShape

from bedrock_local.bedrock.service_model.errors import SerializationException, ValidationException

_JSON_TYPES: Mapping[str, Any] = MappingProxyType(
    {
        # In JSON it is in base64; as the body itself it is what was sent.
        "blob": bytes | str,
        "boolean": bool,
        "float": int | float,
        "integer": int,
        "list": list,
        "map": dict,
        "string": str,
        "structure": dict,
        "timestamp": datetime,
    }
)
# Python's matcher takes exponential time on the model's own spelling of this pattern ("a", forty hyphens, "_").
# With the length limit that stands beside it, the two accept the same strings.
LINEAR: Mapping[str, str] = MappingProxyType(
    {r"[a-zA-Z0-9]{1,63}(-*[a-zA-Z0-9\+\-\.]){0,63}": r"[a-zA-Z0-9][a-zA-Z0-9+\-.]*"}
)


@cache
def service_model(service: str = "bedrock") -> ServiceModel:
    """Return botocore's model of a service.

    Parameters
    ----------
    service
        boto3's name of it. Default: ``bedrock``.

    Returns
    -------
    ServiceModel
        The newest version that the installed botocore has.
    """
    return ServiceModel(Loader().load_service_model(service, "service-2"), service)


def validate(operation: OperationModel, params: Mapping[str, Any]) -> None:
    """Check the input of an operation.

    Parameters
    ----------
    operation
        The operation, from `service_model`.
    params
        Its members: decoded JSON, with timestamps as ``datetime``.

    Raises
    ------
    SerializationException
        If a member has the wrong JSON type.
    ValidationException
        If members break constraints: required, length, range, pattern, enum, union. One message names them all.
    """
    if operation.input_shape is None:
        return
    _check_types(operation.input_shape, dict(params), "")
    violations = list(_structure(operation.input_shape, params, ""))
    if violations:
        errors = "error" if len(violations) == 1 else "errors"
        raise ValidationException(f"{len(violations)} validation {errors} detected: {'; '.join(violations)}")


def _check_types(shape: Shape, value: Any, path: str) -> None:  # noqa: ANN401 -- decoded JSON
    if getattr(shape, "is_document_type", False):
        # Any JSON.
        return
    if not isinstance(value, _JSON_TYPES[shape.type_name]) or isinstance(value, bool) != (shape.type_name == "boolean"):
        found = "NUMBER" if isinstance(value, int | float) else type(value).__name__.upper()
        raise SerializationException(f"{found}_VALUE can not be converted to a {shape.type_name} at '{path}'")
    if isinstance(shape, StructureShape):
        for name, member in shape.members.items():
            if value.get(name) is not None:
                _check_types(member, value[name], _join(path, name))
    if isinstance(shape, ListShape):
        for index, item in enumerate(value, 1):
            _check_types(shape.member, item, f"{path}.{index}.member")
    if isinstance(shape, MapShape):
        for key, item in value.items():
            _check_types(shape.value, item, _join(path, key))


def _structure(shape: StructureShape, value: Mapping[str, Any], path: str) -> Iterator[str]:
    for name in shape.required_members:
        if value.get(name) is None:
            yield f"Value null at '{_join(path, name)}' failed to satisfy constraint: Member must not be null"
    given = {name: value[name] for name in shape.members if value.get(name) is not None}
    if shape.is_tagged_union and len(given) != 1:
        choices = ", ".join(shape.members)
        yield _violation(value, path, f"Member must have exactly one of these members set: [{choices}]")
    for name, member in given.items():
        yield from _violations(shape.members[name], member, _join(path, name))


def _violations(shape: Shape, value: Any, path: str) -> Iterator[str]:  # noqa: ANN401 -- decoded JSON
    if isinstance(shape, StructureShape):
        yield from _structure(shape, value, path)
        return
    yield from (_violation(value, path, rule) for rule in _broken_rules(shape, value))
    if isinstance(shape, ListShape):
        for index, item in enumerate(value, 1):
            yield from _violations(shape.member, item, f"{path}.{index}.member")
    if isinstance(shape, MapShape):
        for key, item in value.items():
            yield from _violations(shape.key, key, path)
            yield from _violations(shape.value, item, _join(path, key))


def _broken_rules(shape: Shape, value: Any) -> Iterator[str]:  # noqa: ANN401 -- decoded JSON
    rules = shape.metadata
    size, what = (value, "value") if isinstance(value, int | float) else (_length(value), "length")
    if size > rules.get("max", size):
        yield f"Member must have {what} less than or equal to {rules['max']}"
    if size < rules.get("min", size):
        yield f"Member must have {what} greater than or equal to {rules['min']}"
    if "enum" in rules and value not in rules["enum"]:
        yield f"Member must satisfy enum value set: [{', '.join(rules['enum'])}]"
    pattern = rules.get("pattern")
    if pattern and not re.fullmatch(LINEAR.get(pattern, pattern), value, re.ASCII):
        yield f"Member must satisfy regular expression pattern: {pattern}"


def _length(value: Any) -> int:  # noqa: ANN401 -- decoded JSON
    return len(value) if isinstance(value, bytes | str | list | dict) else 0


def _violation(value: Any, path: str, rule: str) -> str:  # noqa: ANN401 -- decoded JSON
    return f"Value '{value}' at '{path}' failed to satisfy constraint: {rule}"


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
