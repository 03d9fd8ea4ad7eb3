"""The conditions of a statement, against what is known of a request's keys.

Source: "Condition operators", "Single-valued vs. multivalued context keys" and "Multiple context keys or values" among
the "IAM JSON policy elements" of the IAM user guide. An operator that is not here cannot be told: numbers, dates,
addresses and binary values are compared with keys of which nothing is known beforehand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bedrock_batch.diagnosis.policies.context import Context, Missing
from bedrock_batch.diagnosis.policies.patterns import is_like, is_like_arn, is_same
from bedrock_batch.diagnosis.policies.truth import Truth, both, either, opposite

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_IF_EXISTS = "ifexists"
_FOR_ALL, _FOR_ANY = "forallvalues:", "foranyvalue:"


def are_met(conditions: object, context: Context) -> Truth:
    """Say whether all conditions of a statement are met; without any they are."""
    if conditions is None:
        return True
    if not isinstance(conditions, dict):
        return None
    return both(_is_met(*each, context) for each in _each(conditions))


def untold(conditions: object, context: Context) -> list[str]:
    """List the conditions that cannot be told, each as its operator and key."""
    if not isinstance(conditions, dict):
        return [] if conditions is None else ["Condition"]
    return [
        f"{operator} {key}"
        for operator, key, expected in _each(conditions)
        if _is_met(operator, key, expected, context) is None
    ]


def keys_of(conditions: object) -> list[str]:
    """List the keys that conditions ask for."""
    return [key for _, key, _ in _each(conditions)] if isinstance(conditions, dict) else []


def _each(conditions: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    for operator, keys in conditions.items():
        for key, expected in keys.items() if isinstance(keys, dict) else [("", None)]:
            yield operator, key, expected


def _is_met(operator: str, key: str, expected: object, context: Context) -> Truth:
    wanted, value = _texts(expected), context.value(key)
    if wanted is None or value is Missing.UNKNOWN:
        return None
    name = operator.lower()
    if name == "null":
        return _is_null(value is Missing.ABSENT, wanted)
    kind, name = _kind(name)
    optional = name.endswith(_IF_EXISTS)
    test = _test(name.removesuffix(_IF_EXISTS), wanted)
    if test is None:
        return None
    if isinstance(value, tuple):
        return _is_met_by(value, kind, test)
    # Of a key that is not there, ForAnyValue finds no value, and what must not be something is not.
    return optional or kind == _FOR_ALL or (kind != _FOR_ANY and "not" in name)


def _is_met_by(values: tuple[str, ...], kind: str, test: Callable[[str], Truth]) -> Truth:
    if kind == _FOR_ALL:
        return both(map(test, values))
    if kind != _FOR_ANY and len(values) > 1:
        # "Use set operators with multivalued keys": without one, the guide does not say what is compared.
        return None
    return either(map(test, values))


def _kind(name: str) -> tuple[str, str]:
    for kind in (_FOR_ALL, _FOR_ANY):
        if name.startswith(kind):
            return kind, name.removeprefix(kind)
    return "", name


def _is_null(absent: bool, wanted: list[str]) -> Truth:  # noqa: FBT001 - what Null asks for
    asked = {each.lower() for each in wanted}
    return (asked == {"true"}) == absent if asked in ({"true"}, {"false"}) else None


def _test(name: str, wanted: list[str]) -> Callable[[str], Truth] | None:
    positive = name.replace("not", "", 1)
    compare = _COMPARISONS.get(positive)
    if compare is None or (positive != name and positive == "bool"):
        return None

    def test(value: str) -> Truth:
        found = either(compare(each, value) for each in wanted)
        return found if positive == name else opposite(found)

    return test


def _texts(expected: object) -> list[str] | None:
    values = expected if isinstance(expected, list) else [expected]
    if not values or not all(isinstance(each, str | bool | int | float) for each in values):
        return None
    return [str(each).lower() if isinstance(each, bool) else str(each) for each in values]


def _folded(expected: str, value: str) -> Truth:
    return is_same(expected.lower(), value.lower())


def _bool(expected: str, value: str) -> Truth:
    words = {expected.lower(), value.lower()}
    return len(words) == 1 if words <= {"true", "false"} else None


_COMPARISONS: Mapping[str, Callable[[str, str], Truth]] = {
    "stringequals": is_same,
    "stringequalsignorecase": _folded,
    "stringlike": is_like,
    "arnequals": is_like_arn,
    "arnlike": is_like_arn,
    "bool": _bool,
}
