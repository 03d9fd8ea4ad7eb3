"""A policy document, and the statements in it.

Source: "Grammar of the IAM JSON policy language" in the IAM user guide.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bedrock_batch.diagnosis.policies.conditions import are_met, keys_of, untold
from bedrock_batch.diagnosis.policies.patterns import is_like, is_like_arn, keys_in
from bedrock_batch.diagnosis.policies.principals import Asker, Named, entries
from bedrock_batch.diagnosis.policies.truth import Truth, both, either, opposite

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bedrock_batch.diagnosis.policies.context import Context

#: Of a statement. Any other is a slip, of which nobody says what the service makes.
_ELEMENTS = frozenset(("Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal")) | frozenset(
    ("Condition", "Effect", "Sid")
)


@dataclass(frozen=True)
class Request:
    """What is asked of a policy.

    Attributes
    ----------
    action : str
        Such as ``s3:GetObject``.
    resource : str
        The ARN of what it is done with, or ``*``.
    asker : Role or Service
        Who does it.
    context : Context
        What is known of its condition keys.
    """

    action: str
    resource: str
    asker: Asker
    context: Context


@dataclass(frozen=True)
class Statement:
    """A statement of a policy.

    Attributes
    ----------
    name : str
        Its ``Sid``, or where it stands.
    content : mapping
        Its elements.
    """

    name: str
    content: Mapping[str, Any]

    @property
    def denies(self) -> bool:
        """Whether it is a Deny."""
        return self.content.get("Effect") == "Deny"

    @property
    def keys(self) -> list[str]:
        """The condition keys that it asks for, by conditions and by policy variables."""
        return [*keys_of(self.content.get("Condition")), *self._variables]

    @property
    def _variables(self) -> list[str]:
        return keys_in(json.dumps([self.content.get(name) for name in ("Resource", "NotResource", "Condition")]))

    def applies(self, request: Request) -> Truth:
        """Say whether it is about a request, whoever asks.

        A variable that IAM cannot resolve may make the whole statement invalid ("Variables and tags" in the guide).
        """
        if self.content.keys() - _ELEMENTS:
            return None
        found = both(
            [
                self._one_of("Action", lambda pattern: is_like(pattern, request.action, fold=True)),
                # In the trust policy of a role there is none: the role is.
                True if self._is_of_a_role else self._one_of("Resource", lambda each: _is_of(each, request.resource)),
                are_met(self.content.get("Condition"), request.context),
            ]
        )
        return None if found and self._variables else found

    def named(self, asker: Asker) -> tuple[Named, ...]:
        """Say how it names who asks, once for each of its entries that does."""
        principal = self.content.get("Principal")
        if "NotPrincipal" in self.content:
            others = entries(self.content["NotPrincipal"])
            if others is None or not self.denies or any(asker.named(*each) is not Named.NO for each in others):
                # A role is spared with its session and its account only: "NotPrincipal" in the guide.
                return (Named.UNKNOWN,)
            return (Named.ANYONE,)
        found = entries(principal)
        if found is None:
            return (Named.UNKNOWN,)
        return tuple(named for each in found if (named := asker.named(*each)) is not Named.NO)

    def untold(self, request: Request) -> list[str]:
        """List what cannot be told of it."""
        found = untold(self.content.get("Condition"), request.context)
        unknown = sorted(self.content.keys() - _ELEMENTS) or [f"${{{key}}}" for key in self._variables]
        return found or unknown or ["a wildcard, a policy variable or a principal"]

    @property
    def _is_of_a_role(self) -> bool:
        return not {"Resource", "NotResource"} & self.content.keys()

    def _one_of(self, element: str, test: Callable[[str], Truth]) -> Truth:
        positive, negative = self.content.get(element), self.content.get(f"Not{element}")
        listed = positive if positive is not None else negative
        patterns = listed if isinstance(listed, list) else [listed]
        if not patterns or not all(isinstance(each, str) for each in patterns):
            return None
        found = either(map(test, patterns))
        return found if positive is not None else opposite(found)


def statements_of(document: object) -> list[Statement] | None:
    """Read the statements of a document.

    Parameters
    ----------
    document : str or mapping
        As JSON, or read already.

    Returns
    -------
    list of Statement or None
        None if it cannot be read.
    """
    if isinstance(document, str):
        try:
            document = json.loads(document)
        except (ValueError, RecursionError):
            return None
    listed = document.get("Statement") if isinstance(document, dict) else None
    found = listed if isinstance(listed, list) else [listed]
    if not all(isinstance(each, dict) and each.get("Effect") in ("Allow", "Deny") for each in found):
        return None
    return [Statement(_name(each, number), each) for number, each in enumerate(found, 1)]


def _name(statement: Mapping[str, Any], number: int) -> str:
    sid = statement.get("Sid")
    return f'statement "{sid}"' if isinstance(sid, str) and sid else f"statement {number}"


def _is_of(pattern: str, resource: str) -> Truth:
    return is_like_arn(pattern, resource) if resource != "*" else pattern == "*" or None
