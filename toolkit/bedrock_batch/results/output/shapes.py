"""Values in bodies of any shape: where a path leads to, for many bodies at once."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

Path = tuple[str, ...]
Value = TypeVar("Value")
#: Of the values that a path leads to, those of one kind; None for the others.
Kind = Callable[[Sequence[object]], list[Any]]


def paths(*texts: str) -> tuple[Path, ...]:
    """Read paths: a name steps into an object, "0" takes the first element of a list."""
    return tuple(tuple(text.split(".")) for text in texts)


class Shapes:
    """Bodies, of which all take a step together: a tenth of the calls that one body after the other takes."""

    def __init__(self, bodies: Sequence[object]) -> None:
        self._columns: dict[Path, Sequence[Any]] = {(): bodies}
        self._names = {name for body in bodies if type(body) is dict for name in body}

    def first(self, choices: Sequence[Path], kind: Kind) -> list[Any]:
        """Give each body's value of the first path that leads to one of the right kind."""
        found: list[Any] | None = None
        for path in choices:
            if path[0] in self._names:
                values = kind(self._column(path))
                found = values if found is None else either(found, values)
                if None not in found:
                    break
        return found or [None] * len(self._columns[()])

    def _column(self, path: Path) -> Sequence[Any]:
        if path not in self._columns:
            self._columns[path] = _step(self._column(path[:-1]), path[-1])
        return self._columns[path]


def either(first: Sequence[Value | None], then: Sequence[Value | None]) -> list[Value | None]:
    """Take of two values the first that is there."""
    if then.count(None) == len(then):
        return list(first)
    return [new if old is None else old for old, new in zip(first, then, strict=True)]


def strings(values: Sequence[object]) -> list[str | None]:
    """Keep the texts."""
    return [value if type(value) is str else None for value in values]


def whole_numbers(values: Sequence[object]) -> list[int | None]:
    """Keep the whole numbers."""
    return [value if type(value) is int else None for value in values]


def _step(values: Sequence[Any], name: str) -> list[Any]:
    if name == "0":
        return [value[0] if type(value) is list and value else None for value in values]
    return [value.get(name) if type(value) is dict else None for value in values]
