"""The ids of a file's records, and whether one comes twice."""

from array import array
from collections.abc import Iterator

from bedrock_batch.records.checking.ids.file_ids import NO_ID, FileIds, LineIds, Span


class RecordIds:
    """The ids, line by line.

    As long as each is greater than the one before, as counters and times are, none can come twice. From the first that
    is not, their numbers are in a set, too.

    Parameters
    ----------
    most : int
        How many lines to remember. Beyond that the file is refused anyway: more would only cost memory.
    """

    def __init__(self, most: int) -> None:
        self._free = most
        self._numbers = array("q")
        self._span: Span | None = None
        self._seen: set[int] | None = None

    def add(self, ids: LineIds) -> list[int]:
        """Remember the ids of the next lines; return which of these lines, from 1, have one that was there before."""
        numbers = ids.numbers[: self._free]
        self._free -= len(numbers)
        if not numbers or self._still_ascend(ids.span):
            self._numbers.extend(numbers)
            return []
        if self._seen is None:
            self._seen, self._span = set(self._numbers), None
        self._numbers.extend(numbers)
        return list(_repeated(numbers, self._seen))

    def of_file(self) -> FileIds:
        """Return all of them, when the file has been read."""
        return FileIds(self._numbers, self._span)

    def first_line(self, line: int) -> int:
        """Return the first line that has the same id as this one."""
        return self._numbers.index(self._numbers[line - 1]) + 1

    def _still_ascend(self, span: Span | None) -> bool:
        if self._seen is not None or span is None or (self._span and span.first <= self._span.last):
            return False
        self._span = Span(self._span.first if self._span else span.first, span.last)
        return True


def _repeated(numbers: "array[int]", seen: set[int]) -> Iterator[int]:
    new = set(numbers) - {NO_ID}
    if len(new) == len(numbers) - numbers.count(NO_ID) and new.isdisjoint(seen):
        seen |= new
        return
    for line, number in enumerate(numbers, 1):
        if number in seen:
            yield line
        elif number != NO_ID:
            seen.add(number)
