"""Single properties of the custom resource, read as what they are meant to be."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from model_invocation_job.errors import InvalidRequestError

_KINDS = {
    type(None): "nothing",
    bool: "a boolean",
    dict: "a map",
    float: "a number",
    int: "a number",
    list: "a list",
    str: "another text",
}
#: More than any field of the API lies in. What is nested more deeply would end whoever reads it in the middle.
_DEEPEST = 20
_SURROGATE = re.compile("[\ud800-\udfff]")


def kind(value: object) -> str:
    """Return what stands where something else should; never the value, which may be one that is hidden (NoEcho)."""
    return "an empty text" if value == "" else _KINDS.get(type(value), f"a {type(value).__name__}")


def is_unicode(value: object) -> bool:
    """Whether a text can be sent to a service: JSON can escape halves of surrogate pairs, and UTF-8 cannot hold them.

    Whatever is no text can.
    """
    return not isinstance(value, str) or value.isascii() or not _SURROGATE.search(value)


def mapping(value: object, name: str) -> Mapping[str, Any]:
    """Return a map, whose maps and lists are not nested without measure, and whose texts are Unicode.

    Raises
    ------
    InvalidRequestError
        It is none.
    """
    if not isinstance(value, Mapping):
        raise InvalidRequestError(f"{name} must be a map, got {kind(value)}")
    inner: list[object] = [value]
    for _ in range(_DEEPEST):
        inner = [item for each in inner for item in _items(each)]
        if not all(map(is_unicode, inner)):
            raise InvalidRequestError(f"{name} must be of Unicode text, got half of a surrogate pair")
    if inner:
        raise InvalidRequestError(f"{name} must be nested {_DEEPEST} levels deep at most")
    return value


def text(properties: Mapping[str, Any], name: str, default: str | None = None, place: str = "") -> str:
    """Return a text that is not empty, or the default.

    Parameters
    ----------
    properties
        What it is in.
    name
        Its name there.
    default
        What an absent or empty one means. Default: there has to be one.
    place
        What the properties are in, for an error to name. Default: the resource itself.

    Raises
    ------
    InvalidRequestError
        There is none.
    """
    value = properties.get(name)
    if default is not None and value in ("", None):
        return default
    if not isinstance(value, str) or not value:
        raise InvalidRequestError(f"the property '{place}{name}' must be a text, got {kind(value)}")
    return value


def texts(properties: Mapping[str, Any], name: str, place: str = "") -> tuple[str, ...]:
    """Return a list of texts; nothing if there is none.

    Raises
    ------
    InvalidRequestError
        It is something else.
    """
    value = properties.get(name, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise InvalidRequestError(f"the property '{place}{name}' must be a list of texts")
    return tuple(value)


def maps(properties: Mapping[str, Any], name: str, members: Sequence[str]) -> list[dict[str, str]]:
    """Return a list of maps with some members, each a text; nothing if there is none.

    Raises
    ------
    InvalidRequestError
        It is something else.
    """
    found: Any = properties.get(name, [])
    if not isinstance(found, list) or not all(_has_texts(item, members) for item in found):
        raise InvalidRequestError(f"the property '{name}' must be a list of maps with {' and '.join(members)}")
    return [{member: item[member] for member in members} for item in found]


def integer(properties: Mapping[str, Any], name: str, default: int | None = None, most: int | None = None) -> int:
    """Return a whole number; CloudFormation sends it as a text.

    Raises
    ------
    InvalidRequestError
        It is none, or more than there can be.
    """
    value = properties.get(name, default)
    try:
        number = int(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else None
    except (ValueError, OverflowError):
        number = None
    if number is None or (most is not None and not 0 <= number <= most):
        bounds = "" if most is None else f" from 0 to {most}"
        raise InvalidRequestError(f"the property '{name}' must be a whole number{bounds}, got {_unless(number, value)}")
    return number


def boolean(properties: Mapping[str, Any], name: str, default: bool) -> bool:  # noqa: FBT001 (it is what it returns)
    """Return a boolean; CloudFormation sends it as a text.

    Raises
    ------
    InvalidRequestError
        It is neither.
    """
    value = properties.get(name, default)
    said = str(value).lower() if isinstance(value, str | bool) else ""
    if said not in ("true", "false"):
        raise InvalidRequestError(f"the property '{name}' must be true or false, got {kind(value)}")
    return said == "true"


def _unless(number: int | None, value: object) -> str:
    return kind(value) if number is None else "another one"


def _has_texts(item: object, members: Sequence[str]) -> bool:
    return isinstance(item, Mapping) and all(isinstance(item.get(member), str) for member in members)


def _items(value: object) -> list[Any]:
    if isinstance(value, Mapping):
        return [*value, *value.values()]
    return value if isinstance(value, list) else []
