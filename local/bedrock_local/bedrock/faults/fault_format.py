"""Faults in JSON: an object with the ``kind``, and the members of its class."""

import typing
from collections.abc import Mapping
from dataclasses import MISSING, Field, asdict, fields
from types import MappingProxyType
from typing import Any

from bedrock_local.bedrock.faults.fault import (
    DelayEvents,
    DropReplies,
    FailCalls,
    FailRecords,
    Fault,
    HoldJobs,
    LoseEvents,
)

_KINDS: Mapping[str, type[Fault]] = MappingProxyType(
    {
        "fail-calls": FailCalls,
        "drop-replies": DropReplies,
        "hold-jobs": HoldJobs,
        "fail-records": FailRecords,
        "lose-events": LoseEvents,
        "delay-events": DelayEvents,
    }
)


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
    members = dict(value) if isinstance(value, dict) else {}
    kind = members.pop("kind", None)
    if kind not in _KINDS:
        raise ValueError(f"kind must be one of {', '.join(_KINDS)}, got {kind!r}")
    known = {field.name: field for field in fields(_KINDS[kind])}
    for name, given in members.items():
        if name not in known:
            raise ValueError(f"{kind} has no {name!r}; it has {', '.join(known)}")
        _check_type(_KINDS[kind], name, given)
    if missing := [name for name, field in known.items() if _required(field) and name not in members]:
        raise ValueError(f"{kind} needs {', '.join(missing)}")
    return _KINDS[kind](**members)


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
    kind = next(name for name, each in _KINDS.items() if isinstance(fault, each))
    return {"kind": kind, **asdict(fault)}


def _required(field: Field[Any]) -> bool:
    return field.default is MISSING


def _check_type(kind: type[Fault], name: str, given: object) -> None:
    wanted = typing.get_type_hints(kind)[name]
    allowed = (int, float) if wanted is float else wanted
    if not isinstance(given, allowed) or isinstance(given, bool):
        raise ValueError(f"{name} must be of type {wanted.__name__}, got {given!r}")  # noqa: TRY004 -- as for all input
