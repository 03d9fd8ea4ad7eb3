"""What is kept of ids to tell whether one comes twice, in a file or in several."""

from array import array
from dataclasses import dataclass
from itertools import islice
from operator import lt
from typing import Any, NamedTuple

from msgspec import UNSET, UnsetType

#: The number of a line without an id: what `hash` never returns.
NO_ID = -1

Id = str | UnsetType


class Span(NamedTuple):
    """The first and the last of ids that ascend."""

    first: str
    last: str


@dataclass(frozen=True)
class FileIds:
    """The ids of a file, line by line.

    Attributes
    ----------
    numbers : array of int
        A number for each line that tells its id apart.
    span : Span or None
        The first and the last id; None if there is none, or if they do not ascend.
    """

    numbers: "array[int]"
    span: Span | None


@dataclass(frozen=True)
class LineIds:
    """The ids of some lines of a file, as one process hands them to another.

    Attributes
    ----------
    texts : str or list of str
        The ids, joined by line feeds if all are there and none has one in it: that takes a quarter of the memory.
    numbers, span
        As in `FileIds`.
    """

    texts: str | list[Id]
    numbers: "array[int]"
    span: Span | None

    @classmethod
    def of(cls, ids: list[Id]) -> "LineIds":
        """Take the ids of lines."""
        # The processes that share a check have one seed for their hashes.
        numbers = array("q", [NO_ID if record_id is UNSET else hash(record_id) for record_id in ids])
        texts = _joined(ids)
        return cls(texts, numbers, _span(ids) if isinstance(texts, str) else None)

    def text(self, line: int) -> Id:
        """Return the id of a line, counted from 1."""
        return (self.texts.split("\n") if isinstance(self.texts, str) else self.texts)[line - 1]


def _joined(ids: list[Id]) -> str | list[Id]:
    try:
        text = "\n".join(ids)  # type: ignore[arg-type]  # found out here
    except TypeError:  # One of them is missing.
        return ids
    return text if text.count("\n") == len(ids) - 1 else ids


def _span(ids: list[Any]) -> Span | None:
    return Span(ids[0], ids[-1]) if all(map(lt, ids, islice(ids, 1, None))) else None
