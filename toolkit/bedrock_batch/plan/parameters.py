"""What the parameters of a stack are, before a deployment and after it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bedrock_batch.plan.template.known import Atom, Fate, Text, Value, joined
from bedrock_batch.plan.template.references import resolved

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_FROM_STORE = "AWS::SSM::Parameter::"
_LISTS = ("CommaDelimitedList", "List<")


def deployed_values(template: Mapping[str, Any], deployed: Mapping[str, str | None]) -> dict[str, Value]:
    """Return what the parameters of a deployed stack came to."""
    return {name: _as_value(name, declared, deployed.get(name)) for name, declared in _declared(template).items()}


def next_values(
    template: Mapping[str, Any], deployed: Mapping[str, str | None], given: Mapping[str, str]
) -> dict[str, Value]:
    """Return what they will be, as ``cdk deploy`` has it: given, else as before, else the default.

    Parameters
    ----------
    template : mapping
        The one that is to be deployed.
    deployed : mapping of str to str or None
        What they came to before; None of what is hidden.
    given : mapping of str to str
        What the deployment is given.
    """
    return {name: _next(name, declared, deployed, given) for name, declared in _declared(template).items()}


class Passed(Mapping[str, Value]):
    """The parameters of a nested stack, looked at when they are asked for: by then it is known what becomes of jobs.

    Parameters
    ----------
    template : mapping
        Of the nested stack.
    passed : callable
        Returns what the stack around it passes on.
    """

    def __init__(self, template: Mapping[str, Any], passed: Callable[[], Value]) -> None:
        self._declared, self._passed = _declared(template), passed

    def __getitem__(self, name: str) -> Value:
        """Return a parameter."""
        declared, passed = self._declared[name], self._passed()
        value = passed.get(name) if isinstance(passed, dict) else None
        if value is None and "Default" in declared:
            return _as_value(name, declared, str(declared["Default"]))
        text = _text(value)
        return text if text.value is None else _as_value(name, declared, text.value)

    def __iter__(self) -> Iterator[str]:
        """Go through the names."""
        return iter(self._declared)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._declared)


def _text(value: Value) -> Text:
    """Return what a nested stack is given: of a list, one text with commas."""
    pieces = value if isinstance(value, list) else [value]
    return joined((each for each in pieces if isinstance(each, Text)), ",")


def _next(
    name: str, declared: Mapping[str, Any], deployed: Mapping[str, str | None], given: Mapping[str, str]
) -> Value:
    if str(declared.get("Type", "")).startswith(_FROM_STORE):
        return _doubtful(name, f"parameter {name} is read from the parameter store when the stack is deployed")
    hidden = str(declared.get("NoEcho", "")).lower() == "true"
    if name in given:
        if hidden:
            return _doubtful(name, f"parameter {name} is hidden (NoEcho), so its earlier value is not known")
        return _as_value(name, declared, given[name])
    if name in deployed:
        return _as_value(name, declared, deployed[name])
    if "Default" not in declared:
        return _doubtful(name, f"parameter {name} has no value; give it with --parameters {name}=VALUE")
    return _as_value(name, declared, None if hidden else str(declared["Default"]))


def _as_value(name: str, declared: Mapping[str, Any], value: str | None) -> Value:
    if value is None:
        return Text((Atom(f"parameter {name}", f"${{{name}}}"),))
    if any(each in str(declared.get("Type", "")) for each in _LISTS):
        return [Text.of(each.strip()) for each in value.split(",")]
    return resolved(Text.of(value))


def _doubtful(name: str, reason: str) -> Value:
    return Text((Atom(f"parameter {name}", f"${{{name}}}", None, Fate.UNKNOWN, reason),))


def _declared(template: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Any = template.get("Parameters")
    named = found.items() if isinstance(found, dict) else ()
    return {name: declared for name, declared in named if isinstance(declared, dict)}
