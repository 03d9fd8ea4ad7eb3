"""Dynamic references: texts that CloudFormation reads elsewhere when a stack is deployed.

They are those of "Get values stored in other services using dynamic references" in the CloudFormation user guide.
"""

from __future__ import annotations

import json
import re

from bedrock_batch.plan.template.known import Atom, Fate, Text, Value

_BEGIN = "{{resolve:"
_DYNAMIC = re.compile(r"(\{\{resolve:[^{}]*\}\})")
# A version that is named never has another value.
_PINNED = re.compile(r"\{\{resolve:ssm(-secure)?:[^:{}]+:\d+\}\}")


def scalar(value: object) -> Value:
    """Return what a scalar of a template comes to; None is nothing."""
    if value is None:
        return None
    text = value if isinstance(value, str) else json.dumps(value)
    return Text.of(*(_piece(piece) for piece in _DYNAMIC.split(text)))


def resolved(text: Text) -> Text:
    """Find the references in a text that was put together."""
    if text.value is not None:
        return Text.of(*(_piece(piece) for piece in _DYNAMIC.split(text.value)))
    if not any(isinstance(part, str) and _BEGIN in part for part in text.parts):
        return text
    key = json.dumps([part if isinstance(part, str) else [part.key] for part in text.parts])
    return Text((_unknown(key, str(text)),))


def _piece(text: str) -> str | Atom:
    if not _DYNAMIC.fullmatch(text):
        return text
    return Atom(text, text) if _PINNED.fullmatch(text) else _unknown(text, text)


def _unknown(key: str, text: str) -> Atom:
    return Atom(key, text, None, Fate.UNKNOWN, f"{text} is read when the stack is deployed")
