"""Denied permissions: the list."""

from collections.abc import Mapping, Sequence
from typing import Any

from bedrock_local.bedrock.jobs.clock import timestamp
from bedrock_local.names.arn import Arn
from bedrock_local.services.denials import Denial


def listed(denials: Sequence[Denial]) -> Sequence[Mapping[str, Any]]:
    """List denials.

    Parameters
    ----------
    denials
        All of them, newest first.
    """
    return [_line(denial) for denial in denials]


def _line(denial: Denial) -> Mapping[str, Any]:
    what = denial.what
    return {
        "id": " ".join((what.principal, what.action, what.resource, what.where, str(what.explicitly))),
        "who": _who(what.principal),
        "action": what.action,
        "resource": what.resource,
        "where": what.where,
        "explicitly": what.explicitly,
        "at": timestamp(denial.at),
        "times": denial.times,
        "statement": what.statement or None,
    }


def _who(principal: str) -> str:
    """Name the role and its session, which says for whom it acts; or the user; or the service."""
    arn = Arn.find(principal)
    kind, *names = arn.resource.split("/") if arn else ("", principal)
    if kind == "assumed-role":
        return f"role {names[0]}, as {names[-1]}"
    return f"{kind} {'/'.join(names)}".strip()
