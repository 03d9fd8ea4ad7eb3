"""Whether an id comes twice, in files of any size."""

import heapq
import tempfile
from array import array
from collections.abc import Iterable, Iterator
from itertools import islice, pairwise
from typing import BinaryIO

# As a list of numbers to sort, 40 MB.
_IN_MEMORY = 1_000_000
_AT_ONCE = 8_192
_TOLD = 1_000
_NUMBER_BYTES = 8


class SeenIds:
    """Ids, each kept as a number: a million in memory, and sorted on disk when there are more."""

    def __init__(self) -> None:
        self._numbers = array("q")
        self._runs: list[BinaryIO] = []

    def add(self, custom_ids: Iterable[str]) -> None:
        """Remember ids, by what is the same in this process alone."""
        self._numbers.extend(map(hash, custom_ids))
        if len(self._numbers) >= _IN_MEMORY:
            self._put_aside()

    def repeated(self) -> set[int]:
        """Return the numbers of those that came more than once, or of the first thousand of them."""
        runs: list[Iterable[int]] = [sorted(self._numbers), *map(_read, self._runs)]
        ascending = heapq.merge(*runs) if self._runs else runs[0]
        again = (number for number, following in pairwise(ascending) if number == following)
        return set(islice(again, _TOLD))

    def close(self) -> None:
        """Give the disk back."""
        for run in self._runs:
            run.close()

    def _put_aside(self) -> None:
        run = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the others
        self._runs.append(run)
        array("q", sorted(self._numbers)).tofile(run)
        self._numbers = array("q")


def _read(run: BinaryIO) -> Iterator[int]:
    run.seek(0)
    while data := run.read(_AT_ONCE * _NUMBER_BYTES):
        yield from array("q", data)
