"""Faults in JSON: an object with the ``kind``, and the members of its class."""

from typing import Any, get_args

from msgspec import ValidationError, convert, to_builtins

from bedrock_local.bedrock.faults.fault import Fault

_MEMBERS = "; ".join(f"{kind.__struct_config__.tag} ({', '.join(kind.__struct_fields__)})" for kind in get_args(Fault))


def parse(value: object) -> Fault:
    """Read a fault.

    Parameters
    ----------
    value
        Decoded JSON.

    Returns
    -------
    Fault
        The fault.

    Raises
    ------
    ValueError
        If it is none. The message says why, and what there is.
    """
    try:
        fault: Fault = convert(value, Fault)
    except ValidationError as error:
        if isinstance(error.__cause__, ValueError):
            # It has the right form, and a value that cannot be.
            raise error.__cause__ from None
        raise ValueError(f"{error}; a fault has one of these kinds, with its members: {_MEMBERS}") from None
    return fault


def render(fault: Fault) -> dict[str, Any]:
    """Write a fault.

    Parameters
    ----------
    fault
        The fault.

    Returns
    -------
    dict[str, Any]
        What `parse` reads.
    """
    written: dict[str, Any] = to_builtins(fault)
    return written
