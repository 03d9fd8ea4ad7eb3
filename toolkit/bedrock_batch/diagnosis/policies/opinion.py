"""What a policy thinks of a request: whether it denies it, and whether it allows it.

Source: "Policy evaluation logic" in the IAM user guide.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bedrock_batch.diagnosis.policies.document import Request, Statement, statements_of
from bedrock_batch.diagnosis.policies.principals import Named
from bedrock_batch.diagnosis.policies.truth import Truth, both, either

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_SELF = frozenset({Named.ITSELF, Named.ANYONE})


@dataclass(frozen=True)
class Opinion:
    """Of one policy, or of several that count together.

    Attributes
    ----------
    denied : bool or None
        Whether a Deny applies, which wins against every Allow; None if that cannot be told.
    allowed : bool or None
        Whether an Allow applies.
    directly : bool or None
        Whether one applies that names who asks, or anyone, and not only the account, which leaves it to IAM.
    says : str
        Which statement denies, or what cannot be told; empty if neither.
    """

    denied: Truth
    allowed: Truth
    directly: Truth
    says: str = ""


def unknown(why: str) -> Opinion:
    """Return the opinion of a policy that is not known."""
    return Opinion(None, None, None, why)


def opinion(document: object, request: Request, *, of_identity: bool = False) -> Opinion:
    """Judge a request by a policy.

    Parameters
    ----------
    document : str or mapping
        The policy.
    request : Request
        What is asked.
    of_identity : bool
        Whether it is a policy of who asks, which names nobody. Default: it is a resource's, and only what names who
        asks counts.
    """
    statements = statements_of(document)
    if statements is None:
        return unknown("it cannot be read")
    return _judged([(each, _naming(each, request, of_identity=of_identity)) for each in statements], request)


def _judged(statements: Sequence[tuple[Statement, tuple[Named, ...]]], request: Request) -> Opinion:
    denials = [(each, _truth(each, named, request)) for each, named in statements if each.denies]
    allows = [(each, named, _truth(each, named, request)) for each, named in statements if not each.denies]
    denied, allowed = either(truth for _, truth in denials), either(truth for _, _, truth in allows)
    directly = either(_directly(named, truth) for _, named, truth in allows)
    decisive = [each for each, truth in denials if truth is denied and denied is not False]
    open_allows = [each for each, _, truth in allows if truth is None and allowed is None]
    return Opinion(denied, allowed, directly, _says(denied, decisive or open_allows, request))


def _directly(named: Iterable[Named], truth: Truth) -> Truth:
    if _SELF.intersection(named):
        return truth
    # By its account, or not at all.
    return None if truth is not False and Named.UNKNOWN in named else False


def _says(denied: Truth, decisive: Sequence[Statement], request: Request) -> str:
    if not decisive:
        return ""
    if denied:
        return decisive[0].name
    return f"{decisive[0].name} has {', '.join(decisive[0].untold(request))}"


def _naming(statement: Statement, request: Request, *, of_identity: bool) -> tuple[Named, ...]:
    return (Named.ITSELF,) if of_identity else statement.named(request.asker)


def _truth(statement: Statement, named: Iterable[Named], request: Request) -> Truth:
    who = either(None if each is Named.UNKNOWN else True for each in named)
    return both([who, statement.applies(request)])
