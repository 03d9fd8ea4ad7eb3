"""The conditions of policies, and policies in which one of them asks for something else."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bedrock_local.environment import ACCOUNT

from .permissions import Document, listed

_NOBODY = "999999999999"


@dataclass(frozen=True)
class Condition:
    """One key of the condition on one action of a statement; resources and values as JSON."""

    statement: int
    action: str
    resources: str
    operator: str
    key: str
    values: str

    def __str__(self) -> str:
        return f"{self.operator} {self.key} {self.values} of {self.action}"


def conditions(document: Document) -> Iterator[Condition]:
    """Go through the conditions of every statement and action."""
    for number, statement in enumerate(document["Statement"]):
        resources = json.dumps(statement.get("Resource"))
        for action in listed(statement["Action"]):
            for operator, keys in statement.get("Condition", {}).items():
                for key, values in keys.items():
                    yield Condition(number, action, resources, operator, key, json.dumps(values))


def with_wrong(document: Document, condition: Condition) -> Document:
    """Return the document with other values in one condition: another account's, or nobody's."""
    statements = list(document["Statement"])
    statement = statements.pop(condition.statement)
    keys = {**statement["Condition"][condition.operator], condition.key: _wrong(json.loads(condition.values))}
    asked = {**statement["Condition"], condition.operator: keys}
    statements.append({**statement, "Action": condition.action, "Condition": asked})
    others = [action for action in listed(statement["Action"]) if action != condition.action]
    return {**document, "Statement": [*statements, *([{**statement, "Action": others}] if others else [])]}


def _wrong(values: Any) -> Any:
    if isinstance(values, list):
        return [_wrong(value) for value in values]
    return values.replace(ACCOUNT, _NOBODY) if ACCOUNT in values else f"wrong-{values}"
