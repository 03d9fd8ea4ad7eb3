"""Single properties of the custom resource, read as what they are meant to be."""

from collections.abc import Mapping
from typing import Any

from model_invocation_job.errors import InvalidRequestError


def kind(value: object) -> str:
    """Return what stands where something else should; never the value, which may be one that is hidden (NoEcho)."""
    return {type(None): "nothing", str: "another text"}.get(type(value), f"a {type(value).__name__}")


def text(properties: Mapping[str, Any], name: str) -> str:
    """Return a text that is not empty.

    Raises
    ------
    InvalidRequestError
        There is none.
    """
    value = properties.get(name)
    if not isinstance(value, str) or not value:
        raise InvalidRequestError(f"the property '{name}' must be a text, got {kind(value)}")
    return value


def texts(properties: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """Return a list of texts; it may be empty, or absent.

    Raises
    ------
    InvalidRequestError
        It is something else.
    """
    value = properties.get(name, [])
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise InvalidRequestError(f"the property '{name}' must be a list of texts, got {kind(value)}")
    return tuple(value)


def integer(properties: Mapping[str, Any], name: str, default: int) -> int:
    """Return a whole number; CloudFormation sends it as a text.

    Raises
    ------
    InvalidRequestError
        It is none.
    """
    value = properties.get(name, default)
    try:
        return int(value)
    except (TypeError, ValueError):
        raise InvalidRequestError(f"the property '{name}' must be a whole number, got {kind(value)}") from None


def boolean(properties: Mapping[str, Any], name: str, default: object) -> bool:
    """Return a boolean; CloudFormation sends it as a text.

    Raises
    ------
    InvalidRequestError
        It is neither.
    """
    value = str(properties.get(name, default)).lower()
    if value not in ("true", "false"):
        raise InvalidRequestError(f"the property '{name}' must be true or false, got another text")
    return value == "true"
