"""The members of all objects in a JSON value, however deep."""

from collections.abc import Iterator
from typing import NamedTuple

Path = tuple[str | int, ...]


class Place(NamedTuple):
    """Something to say about a value of a record, and the way to that value."""

    path: Path
    message: str


class Member(NamedTuple):
    """A member of an object: the way to the object, the object, the member's name and value."""

    path: Path
    owner: dict[str, object]
    name: str
    value: object


def members(value: object) -> Iterator[Member]:
    """Find the members of all objects in a value. Its depth has no limit: no function calls itself.

    Yields
    ------
    Member
        Each, in the order of the text.
    """
    waiting: list[tuple[Path, object]] = [((), value)]
    while waiting:
        path, value = waiting.pop()
        inner: list[tuple[Path, object]] = []
        if isinstance(value, dict):
            for name, content in value.items():
                yield Member(path, value, name, content)
                inner.append(((*path, name), content))
        elif isinstance(value, list):
            inner = [((*path, position), content) for position, content in enumerate(value)]
        waiting.extend(reversed(inner))
