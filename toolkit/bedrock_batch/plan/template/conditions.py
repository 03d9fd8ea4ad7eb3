"""Whether the conditions of a template hold, as far as that is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bedrock_batch.plan.template.expressions import Names, evaluate
from bedrock_batch.plan.template.known import NotKnownError, Value, plain

if TYPE_CHECKING:
    from collections.abc import Mapping

# Conditions that name each other deeper than this name themselves, which CloudFormation refuses.
_DEEPEST = 50


def holds(name: str, conditions: Mapping[str, Any], names: Names, depth: int = 0) -> bool | None:
    """Say whether a condition holds; None where that is not known before CloudFormation runs."""
    if name not in conditions or depth > _DEEPEST:
        return None
    return _of(conditions[name], conditions, names, depth + 1)


def _of(expression: Any, conditions: Mapping[str, Any], names: Names, depth: int) -> bool | None:  # noqa: ANN401 - JSON
    if not isinstance(expression, dict) or len(expression) != 1:
        return None
    function, argument = next(iter(expression.items()))
    if function == "Condition":
        return holds(str(argument), conditions, names, depth)
    if function == "Fn::Equals" and isinstance(argument, list) and len(argument) == 2:  # noqa: PLR2004 - a pair
        return _equal(evaluate(argument[0], names), evaluate(argument[1], names))
    if function not in ("Fn::And", "Fn::Or", "Fn::Not") or not isinstance(argument, list) or not argument:
        return None
    return _of_several(function, [_of(each, conditions, names, depth) for each in argument])


def _of_several(function: str, found: list[bool | None]) -> bool | None:
    if function == "Fn::Not":
        return None if found[0] is None else not found[0]
    decides = function == "Fn::Or"
    if decides in found:
        return decides
    return None if None in found else not decides


def _equal(one: Value, other: Value) -> bool | None:
    try:
        return plain(one) == plain(other)
    except NotKnownError:
        return None
