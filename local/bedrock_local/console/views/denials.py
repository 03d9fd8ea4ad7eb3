"""Denied permissions: the list."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from bedrock_local.bedrock.jobs.clock import timestamp
from bedrock_local.names.arn import Arn
from bedrock_local.services.denials import Denial


def listed(denials: Sequence[Denial]) -> Sequence[Mapping[str, Any]]:
    """List denials, newest first.

    Parameters
    ----------
    denials
        All of them, newest first.
    """
    return [_line(denial) for denial in denials]


def _line(denial: Denial) -> Mapping[str, Any]:
    return {
        "key": " ".join((denial.principal_arn, denial.action, denial.resource, denial.denied_by)),
        "principal": denial.principal_arn,
        "who": _who(denial.principal_arn),
        "action": denial.action,
        "resource": denial.resource,
        "denied_by": denial.denied_by,
        "at": timestamp(denial.at),
        "times": denial.times,
        "statement": "" if denial.denied_by else json.dumps(denial.statement, indent=2),
    }


def _who(principal_arn: str) -> str:
    """Name the role of a session, or the user."""
    arn = Arn.find(principal_arn)
    return " ".join(arn.resource.split("/")[:2]).replace("assumed-role", "role") if arn else principal_arn
