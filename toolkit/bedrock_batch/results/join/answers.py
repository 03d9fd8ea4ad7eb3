"""Results, kept in a temporary file until their rows come."""

from __future__ import annotations

import pickle
from array import array
from contextlib import contextmanager
from itertools import chain
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING

from bedrock_batch.files.scratch import scratch_database
from bedrock_batch.files.temporary_folder import place_of_temporary_files
from bedrock_batch.refusals import named
from bedrock_batch.results.input.keys import InputKeys
from bedrock_batch.results.tally import Ids

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from bedrock_batch.results.batch import Batch
    from bedrock_batch.results.result import Result

_TAKEN = 1


class Answers:
    """Finds results by their ids. Beside the ids of the first half million, nine bytes for each are in memory.

    Parameters
    ----------
    batches : iterable of Batch
        The results.
    file : binary file
        Empty, for the results.
    database : sqlite3.Connection
        Empty, for more ids than memory should hold.

    Attributes
    ----------
    repeated : int
        How many results were left out, as their row has another: a success, or an earlier one.
    """

    def __init__(self, batches: Iterable[Batch], file: IO[bytes], database: sqlite3.Connection) -> None:
        self._file, self._starts = file, array("Q")
        self._keys = InputKeys(self._written(batches), database)
        self._taken = bytearray(len(self._starts))
        self.repeated = 0

    def having(self, ids: Collection[str]) -> int:
        """Count the ids that a result has."""
        return len(self._keys.find(ids))

    def of(self, ids: Sequence[str]) -> list[Result | None]:
        """Give the result of each id; of several the first success, or the first. None if there is none."""
        found = self._keys.find(ids)
        return [self._best(found[each]) if each in found else None for each in ids]

    def strangers(self) -> Ids:
        """Tell the results that no row has taken, but those that say that there is none."""
        left = Ids()
        for number, taken in enumerate(self._taken):
            if not taken and (result := self._read(number)).status != "missing":
                left.add_all(Ids(1, [result.record_id or "(no recordId)"]))
        return left

    def _best(self, numbers: Sequence[int]) -> Result:
        self.repeated += sum(1 for number in numbers[:-1] if not self._taken[number])
        for number in numbers:
            self._taken[number] = _TAKEN
        results = map(self._read, reversed(numbers))
        first = next(results)
        return first if first.status == "succeeded" else next((r for r in results if r.status == "succeeded"), first)

    def _written(self, batches: Iterable[Batch]) -> Iterator[str]:
        for result in chain.from_iterable(batches):
            self._starts.append(self._file.tell())
            pickle.dump(result, self._file)
            yield result.record_id or ""

    def _read(self, number: int) -> Result:
        self._file.seek(self._starts[number])
        result: Result = pickle.load(self._file)  # noqa: S301 - written above, in a file without a name
        return result


@contextmanager
def kept_answers(batches: Iterable[Batch]) -> Iterator[Answers]:
    """Read results and keep them.

    Raises
    ------
    BedrockBatchError
        As reading them does; or if there is no room.
    OSError
        If there is no room.
    """
    with (
        named(place_of_temporary_files()),
        TemporaryFile() as file,
        scratch_database("find results") as database,
    ):
        yield Answers(batches, file, database)
