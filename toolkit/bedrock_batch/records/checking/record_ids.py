"""The ids of a file's records, and whether one comes twice."""

from array import array
from collections.abc import Sequence
from itertools import chain
from operator import lt
from typing import Any, TypeGuard

from bedrock_batch.records.checking.file_ids import NO_ID, FileIds, Id, numbers_of


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
        self._free = most
        self._last = ""
        # Joined by line feeds, as a string of its own takes four times the memory.
        self._ascending: list[str] | None = []
        self._numbers = array("q")
        self._seen: set[int] = set()

    def add(self, ids: Sequence[Id]) -> int:
        """Remember the ids of the next lines; return how many of them have been there before."""
        ids = ids[: self._free]
        self._free -= len(ids)
        if self._ascending is None or not ids:
            return self._add_numbers(ids)
        if _ascend(ids, self._last) and (text := "\n".join(ids)).count("\n") < len(ids):
            self._ascending.append(text)
            self._last = ids[-1]
            return 0
        repeated = sum(self._add_numbers(text.split("\n")) for text in self._ascending)
        self._ascending = None
        return repeated + self._add_numbers(ids)

    def of_file(self) -> FileIds:
        """Return all of them, when the file has been read."""
        return FileIds(self._ascending, self._numbers)

    def first_line(self, line: int) -> int:
        """Return the first line that has the same id as this one: itself, if it has none."""
        if line > len(self._numbers) or self._numbers[line - 1] == NO_ID:
            return line
        return self._numbers.index(self._numbers[line - 1]) + 1

    def _add_numbers(self, ids: Sequence[Id]) -> int:
        numbers = numbers_of(ids)
        self._numbers.extend(numbers)
        known = len(numbers) - numbers.count(NO_ID)
        before = len(self._seen)
        self._seen.update(numbers)
        self._seen.discard(NO_ID)
        return known - (len(self._seen) - before)


def _ascend(ids: Sequence[Any], last: str) -> TypeGuard[list[str]]:
    try:
        return all(map(lt, chain((last,), ids), ids))
    except TypeError:  # One of them is missing.
        return False
