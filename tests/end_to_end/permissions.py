"""What a policy allows, one action on one resource at a time, and policies that lack just that."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Statement = Mapping[str, Any]
Document = Mapping[str, Any]


@dataclass(frozen=True)
class Permission:
    """One action on one resource under one condition; the last two as JSON, for a template has more than texts."""

    action: str
    resource: str
    condition: str

    def __str__(self) -> str:
        return f"{self.action} on {self.resource}"


def permissions(documents: Iterable[Document]) -> list[Permission]:
    """Go through every statement, action and resource; what is allowed twice is one permission."""
    found = (
        permission for document in documents for statement in document["Statement"] for permission in _of(statement)
    )
    return list(dict.fromkeys(found))


def without(document: Document, missing: Permission) -> Document:
    """Return the document without a permission, wherever it has it."""
    kept = [part for statement in document["Statement"] for part in _parts(statement, missing)]
    # IAM takes no policy that says nothing.
    nothing = {"Effect": "Deny", "Action": missing.action, "Resource": "*"}
    return {**document, "Statement": kept or [nothing]}


def _of(statement: Statement) -> list[Permission]:
    assert statement["Effect"] == "Allow"
    condition = _text(statement.get("Condition"))
    resources = [_text(resource) for resource in listed(statement["Resource"])]
    return [Permission(action, resource, condition) for action in listed(statement["Action"]) for resource in resources]


def _parts(statement: Statement, missing: Permission) -> list[Statement]:
    """Split a statement in two: the action on the other resources, and the other actions on all."""
    if missing not in _of(statement):
        return [statement]
    actions, resources = listed(statement["Action"]), listed(statement["Resource"])
    others = [resource for resource in resources if _text(resource) != missing.resource]
    parts = [
        {**statement, "Action": [missing.action], "Resource": others},
        {**statement, "Action": [action for action in actions if action != missing.action]},
    ]
    return [part for part in parts if part["Action"] and part["Resource"]]


def listed(value: Any) -> list[Any]:
    """One thing, or several, as several."""
    return value if isinstance(value, list) else [value]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)
