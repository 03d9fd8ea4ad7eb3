"""What the expressions of a template come to: intrinsic functions, pseudo parameters, dynamic references.

Functions are those of "Intrinsic function reference" in the CloudFormation user guide.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Protocol

from bedrock_batch.plan.template.known import Atom, Fate, Text, Value, joined, shown, texts_in
from bedrock_batch.plan.template.references import resolved, scalar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_PLACEHOLDER = re.compile(r"\$\{([^{}]*)\}")
# With "AWS::LanguageExtensions" the name of an attribute may be an expression.
_OF_UNKNOWN = "Fn::GetAtt of an expression"
_NO_VALUE = "AWS::NoValue"
# It replaces whatever stands beside it.
_MACRO = "Fn::Transform"
# Those that give the same as long as their arguments do; others look elsewhere, as Fn::GetStackOutput does.
_SAME_OF_SAME = {
    *("Fn::Base64", "Fn::Cidr", "Fn::FindInMap", "Fn::GetAtt", "Fn::GetAZs", "Fn::ImportValue", "Fn::Join"),
    *("Fn::Length", "Fn::Select", "Fn::Split", "Fn::Sub", "Fn::ToJsonString", "Ref"),
}
# What comes of arguments that CloudFormation will refuse.
_MALFORMED = (AttributeError, IndexError, KeyError, TypeError, ValueError)


class Names(Protocol):
    """What the names in a template stand for."""

    @property
    def mappings(self) -> Mapping[str, Any]:
        """The template's tables."""

    def ref(self, name: str) -> Value:
        """Return what ``Ref`` gives."""

    def attribute(self, name: str, attribute: str) -> Value:
        """Return what ``Fn::GetAtt`` gives."""

    def holds(self, condition: str) -> bool | None:
        """Say whether a condition holds; None where that is not known."""


def evaluate(expression: object, names: Names) -> Value:
    """Return what an expression comes to, as far as that is known."""
    if isinstance(expression, list):
        return [each for each in (evaluate(item, names) for item in expression) if each is not None]
    if not isinstance(expression, dict):
        return scalar(expression)
    function, argument = next(iter(expression.items()), ("", None))
    if _MACRO in expression:
        return _other(_MACRO)(expression[_MACRO], names)
    if len(expression) == 1 and (function in _FUNCTIONS or function.startswith("Fn::")):
        try:
            return _FUNCTIONS.get(function, _other(function))(argument, names)
        except _MALFORMED:
            return _other(function)(argument, names)
    found = {name: evaluate(item, names) for name, item in expression.items()}
    return {name: value for name, value in found.items() if value is not None}


def _ref(name: Any, names: Names) -> Value:  # noqa: ANN401 - JSON
    return None if name == _NO_VALUE else names.ref(str(name))


def _attribute(argument: Any, names: Names) -> Value:  # noqa: ANN401 - JSON
    name, _, attribute = argument.partition(".") if isinstance(argument, str) else (argument[0], "", argument[1])
    said = evaluate(attribute, names)
    if not isinstance(said, Text) or said.value is None:
        return _other(_OF_UNKNOWN)(argument, names)
    return names.attribute(str(name), said.value)


def _join(argument: Any, names: Names) -> Value:  # noqa: ANN401 - JSON
    delimiter, items = str(argument[0]), evaluate(argument[1], names)
    texts = [item for item in items if isinstance(item, Text)] if isinstance(items, list) else []
    if not isinstance(items, list) or len(texts) < len(items):
        return _other("Fn::Join")(argument, names)
    return resolved(joined(texts, delimiter))


def _sub(argument: Any, names: Names) -> Value:  # noqa: ANN401 - JSON
    text, given = (argument, {}) if isinstance(argument, str) else argument
    own = {name: evaluate(value, names) for name, value in given.items()}
    pieces = _PLACEHOLDER.split(text)
    values = [scalar(piece) if number % 2 == 0 else _placed(piece, own, names) for number, piece in enumerate(pieces)]
    if not all(isinstance(value, Text) for value in values):
        # What the text names is not looked at: CloudFormation refuses lists in it.
        return _other("Fn::Sub of a list")(argument, names)
    return resolved(Text.of(*(value for value in values if isinstance(value, Text))))


def _placed(name: str, own: Mapping[str, Value], names: Names) -> Value:
    if name.startswith("!"):
        return Text.of(f"${{{name[1:]}}}")
    if name in own:
        return own[name]
    return _attribute(name, names) if "." in name else _ref(name, names)


def _if(argument: Any, names: Names) -> Value:  # noqa: ANN401 - JSON
    condition, then, otherwise = argument
    holds = names.holds(condition)
    if holds is not None:
        return evaluate(then if holds else otherwise, names)
    both = [evaluate(then, names), evaluate(otherwise, names)]
    reason = f"whether the condition {condition} holds is known to CloudFormation only"
    return Text((Atom(_key("If", both), f"${{{condition}}}", None, Fate.UNKNOWN, reason),))


def _select(argument: Any, names: Names) -> Value:  # noqa: ANN401 - JSON
    index, items = evaluate(argument[0], names), evaluate(argument[1], names)
    number = index.value if isinstance(index, Text) else None
    if not isinstance(items, list) or not (number or "").isdecimal() or int(number or 0) >= len(items):
        return _other("Fn::Select")(argument, names)
    return items[int(number or 0)]


def _split(argument: Any, names: Names) -> Value:  # noqa: ANN401 - JSON
    text = evaluate(argument[1], names)
    if not isinstance(text, Text) or text.value is None:
        return _other("Fn::Split")(argument, names)
    return [Text.of(piece) for piece in text.value.split(argument[0])]


def _find_in_map(argument: Any, names: Names) -> Value:  # noqa: ANN401 - JSON
    keys = [key.value if isinstance(key, Text) else None for key in (evaluate(each, names) for each in argument[:3])]
    found: Any = names.mappings
    for key in keys:
        if key is None or not isinstance(found, dict) or key not in found:
            return _other("Fn::FindInMap")([names.mappings, *argument], names)
        found = found[key]
    return evaluate(found, names)


def _import(argument: Any, names: Names) -> Value:  # noqa: ANN401 - JSON
    # No export that a stack imports can be changed: "Fn::ImportValue" in the user guide.
    name = evaluate(argument, names)
    atom = _made_of("Fn::ImportValue", [name])
    return Text((Atom(atom.key, f"the export {shown(name)}", None, atom.fate, atom.reason),))


def _other(function: str) -> Callable[[Any, Names], Value]:
    def opaque(argument: Any, names: Names) -> Value:  # noqa: ANN401 - JSON
        return Text((_made_of(function, [evaluate(argument, names)]),))

    return opaque


def _made_of(function: str, values: list[Value]) -> Atom:
    """Return what a function gives that is not computed: the same as long as its arguments are."""
    atoms = [atom for text in texts_in(values) for atom in text.atoms]
    of = f" of {atoms[0].shown.removeprefix('${').removesuffix('}')}" if atoms else ""
    key, shown_as = _key(function, values), f"${{{function.removeprefix('Fn::')}{of}}}"
    if function not in _SAME_OF_SAME:
        return Atom(key, shown_as, None, Fate.UNKNOWN, f"{function} says what it is when the stack is deployed")
    doubtful = next((atom for atom in atoms if atom.fate is not Fate.SAME), None)
    if doubtful is None:
        return Atom(key, shown_as)
    reason = doubtful.reason or f"{doubtful.shown} is another one"
    return Atom(key, shown_as, None, Fate.UNKNOWN, reason)


def _key(function: str, values: list[Value]) -> str:
    return f"{function} {json.dumps(list(map(_told, values)), sort_keys=True)}"


def _told(value: Value) -> object:
    if isinstance(value, dict):
        return {name: _told(each) for name, each in value.items()}
    if isinstance(value, list):
        return list(map(_told, value))
    return value and [part if isinstance(part, str) else {"atom": part.key} for part in value.parts]


_FUNCTIONS: Mapping[str, Callable[[Any, Names], Value]] = {
    "Ref": _ref,
    "Fn::GetAtt": _attribute,
    "Fn::Join": _join,
    "Fn::Sub": _sub,
    "Fn::If": _if,
    "Fn::Select": _select,
    "Fn::Split": _split,
    "Fn::FindInMap": _find_in_map,
    "Fn::ImportValue": _import,
}
