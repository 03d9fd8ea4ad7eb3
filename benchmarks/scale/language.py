"""As much of the Amazon States Language as the pipeline's definition is written in."""

from collections.abc import Mapping
from typing import Any

#: A state, and what an execution holds.
State = Mapping[str, Any]
Data = Mapping[str, Any]


def read(path: str, data: Data, context: Data) -> Any:  # noqa: ANN401 (any JSON)
    """Return what stands at a path such as ``$.Left.Next`` or ``$$.Task.Token``; None where there is nothing."""
    found: Any = context if path.startswith("$$") else data
    for part in filter(None, path.lstrip("$").split(".")):
        found = found.get(part) if isinstance(found, dict) else None
    return found


def filled(template: Data, data: Data, context: Data) -> dict[str, Any]:
    """Return a template with what its paths lead to."""
    return {
        name.removesuffix(".$"): read(value, data, context)
        if name.endswith(".$")
        else filled(value, data, context)
        if isinstance(value, dict)
        else value
        for name, value in template.items()
    }


def following(choice: State, data: Data) -> str:
    """Return the state that a choice leads to."""
    for rule in choice["Choices"]:
        (wanted,) = (value for name, value in rule.items() if name.endswith("Equals"))
        if read(rule["Variable"], data, {}) == wanted:
            return str(rule["Next"])
    return str(choice["Default"])


def output(state: State, data: Data, result: Data) -> Data:
    """Return what a state hands on, given what it was handed and its result."""
    if "ResultSelector" in state:
        result = filled(state["ResultSelector"], result, {})
    where = state.get("ResultPath", "$")
    if where and where != "$":
        result = {**data, where.removeprefix("$."): result}
    held = result if where else data
    handed_on: Data = read(state.get("OutputPath", "$"), held, {})
    return handed_on


def longest_pause(state: State, error: str, times: int) -> float | None:
    """Return how long at most to wait before a state is tried again; None if it is not."""
    for retrier in state.get("Retry", ()):
        if error in retrier["ErrorEquals"]:
            seconds = retrier["IntervalSeconds"] * retrier["BackoffRate"] ** min(times, 50)
            return min(seconds, retrier["MaxDelaySeconds"]) if times < retrier["MaxAttempts"] else None
    return None
