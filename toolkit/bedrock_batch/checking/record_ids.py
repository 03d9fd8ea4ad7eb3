"""The ids of a file's records, and whether one comes twice."""

from array import array
from collections.abc import Sequence
from itertools import islice
from operator import lt
from typing import Any

from msgspec import UNSET, UnsetType

#: The number of a line without an id: what `hash` never returns.
NO_ID = -1

_PIECE = 50_000

Id = str | UnsetType


class RecordIds:
    """The ids, line by line.

    As long as each is greater than the one before, as counters and times are, none can come twice. From the first that
    is not, they are kept as numbers, in a set.

    Parameters
    ----------
    most : int
        How many lines to remember. Beyond that the file is refused anyway: more would only cost memory.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._ascending: list[Id] | None = []
        self._numbers = array("q")
        self._seen: set[int] = set()

    def add(self, ids: Sequence[Id]) -> int:
        """Remember the ids of the next lines; return how many of them have been there before."""
        if self._ascending is None:
            return self._add_numbers(ids)
        before = len(self._ascending)
        self._ascending += ids[: self._most - before]
        if _are_ascending(self._ascending[max(before - 1, 0) :]):
            return 0
        known, self._ascending = self._ascending, None
        repeated = 0
        while known:  # Piece by piece, as both at once would take twice the memory.
            repeated += self._add_numbers(known[:_PIECE])
            del known[:_PIECE]
        return repeated

    def numbers(self) -> "array[int]":
        """Return a number for each line that tells its id apart, the same in every process."""
        return self._numbers if self._ascending is None else _numbers(self._ascending)

    def first_line(self, line: int) -> int:
        """Return the first line that has the same id as this one: itself, if it has none."""
        if line > len(self._numbers) or self._numbers[line - 1] == NO_ID:
            return line
        return self._numbers.index(self._numbers[line - 1]) + 1

    def _add_numbers(self, ids: Sequence[Id]) -> int:
        numbers = _numbers(ids[: self._most - len(self._numbers)])
        self._numbers.extend(numbers)
        known = len(numbers) - numbers.count(NO_ID)
        before = len(self._seen)
        self._seen.update(numbers)
        self._seen.discard(NO_ID)
        return known - (len(self._seen) - before)


def _are_ascending(ids: Sequence[Any]) -> bool:
    try:
        return all(map(lt, ids, islice(ids, 1, None)))
    except TypeError:  # One of them is missing.
        return False


def _numbers(ids: Sequence[Id]) -> "array[int]":
    # Not `hash(id)`, which differs between processes. Whole numbers are hashed modulo a prime of 61 bits.
    return array(
        "q",
        [
            NO_ID if record_id is UNSET else hash(int.from_bytes(record_id.encode("utf-8", "surrogatepass"), "big"))
            for record_id in ids
        ],
    )
