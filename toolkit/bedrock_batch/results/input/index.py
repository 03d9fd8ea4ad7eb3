"""The records of a job's input, each found by its id, in bounded memory."""

import sqlite3
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from enum import IntEnum
from itertools import chain, count, islice
from pathlib import Path

from bedrock_batch.files.temporary_folder import place_of_temporary_files
from bedrock_batch.results.batch import Batch, batch_of
from bedrock_batch.results.input.keys import InputKeys
from bedrock_batch.results.input.lines import content_key, read_blocks
from bedrock_batch.results.manifest import ResultsError
from bedrock_batch.results.result import Result, ResultError

# Missing records that are in memory at a time, with their lines.
_BATCH_RECORDS = 2_000


class Outcome(IntEnum):
    """What became of a record of the input."""

    MISSING = 0
    SUCCEEDED = 1
    FAILED = 2
    FAILED_FOR_NOW = 3


# To look up a member of an enumeration takes as long as to find the record.
_MISSING, _SUCCEEDED, _FAILED, _FAILED_FOR_NOW = map(int, Outcome)


@dataclass(frozen=True)
class InputRecord:
    """A record as it stands in the input.

    Attributes
    ----------
    number : int
        Its place among all records of the input, from 0.
    record_id : str or None
        Its id; None if the service gave it one, which only the output has.
    file : str
        The name of its file.
    line : int
        Its line, from 1.
    content : bytes
        The line, with its line feed.
    """

    number: int
    record_id: str | None
    file: str
    line: int
    content: bytes


class InputIndex:
    """Finds the record that a result belongs to.

    Beside the keys, nine bytes for each record are in memory.

    Parameters
    ----------
    files : sequence of pathlib.Path
        The input.
    root : pathlib.Path
        The folder that its files are named from.
    database : sqlite3.Connection
        Empty, for more ids than memory should hold.

    Attributes
    ----------
    all_named : bool
        Whether every record has an id; those without are found by what they ask, for which results need their lines.
    outcomes : bytearray
        The `Outcome` of each record, as far as results have been claimed.
    """

    def __init__(self, files: Sequence[Path], root: Path, database: sqlite3.Connection) -> None:
        self._files = files
        self._names = [_name(file, root) for file in files]
        self._starts, self._lines = array("Q"), array("Q")
        self.all_named = True
        self._keys = InputKeys(chain.from_iterable(self._read_keys()), database)
        self.total = len(self._lines)
        self.outcomes = bytearray(self.total)

    def claim(self, batch: Batch) -> list[int]:
        """Tell results the file and line of their records, and note what became of these.

        Returns
        -------
        list of int
            The rows of those left over: no record of the input, or none that is still free, has their id.
        """
        numbers = self._keys.first([record_id or "" for record_id in batch.record_id])
        rest = [row for row, number in enumerate(numbers) if not self._take(number, batch.error[row])]
        for row, free in zip(rest, self._candidates(batch, rest), strict=True):
            numbers[row] = self._take_one(free, batch.error[row])
        batch.input_file = [None if number is None else self._file_of(number) for number in numbers]
        batch.input_line = [None if number is None else self._lines[number] for number in numbers]
        return [row for row in rest if numbers[row] is None]

    def knows(self, record_id: str | None) -> bool:
        """Whether a record of the input has this id."""
        return bool(self._keys.find([record_id or ""]))

    def missing(self) -> Iterator[Batch]:
        """Tell the records that no result has claimed, in the order of the input, which is read once more."""
        if _MISSING in self.outcomes:
            results = map(_missing, (each for each in self.records() if self.outcomes[each.number] == _MISSING))
            while batch := batch_of(islice(results, _BATCH_RECORDS)):
                yield batch

    def records(self) -> Iterator[InputRecord]:
        """Read the input once more, in its order."""
        number = count()
        for name, file in zip(self._names, self._files, strict=True):
            for block in read_blocks(file):
                for line, content, record_id in zip(*block, strict=True):
                    yield InputRecord(next(number), record_id, name, line, content)

    def _read_keys(self) -> Iterator[list[str]]:
        for file in self._files:
            self._starts.append(len(self._lines))
            for block in read_blocks(file):
                self._lines.extend(block.numbers)
                self.all_named &= None not in block.record_ids
                yield block.keys()

    def _candidates(self, batch: Batch, rows: Sequence[int]) -> list[list[int]]:
        """Give all records that each of some results could belong to, the first one last."""
        keys = [batch.record_id[row] or "" for row in rows]
        found = self._keys.find(keys)
        if not self.all_named:
            keys = [key if key in found else content_key(batch.line[row]) for row, key in zip(rows, keys, strict=True)]
            found = self._keys.find(keys)
        return [found.get(key, []) for key in keys]

    def _take(self, number: int | None, error: ResultError | None) -> bool:
        if number is None or self.outcomes[number] != _MISSING:
            return False
        self.outcomes[number] = _outcome(error)
        return True

    def _take_one(self, numbers: list[int], error: ResultError | None) -> int | None:
        while numbers:
            if self._take(number := numbers.pop(), error):
                return number
        return None

    def _file_of(self, number: int) -> str:
        return self._names[bisect_right(self._starts, number) - 1]


@contextmanager
def open_input(files: Sequence[Path], root: Path) -> Iterator[InputIndex]:
    """Index the input of a job.

    Parameters
    ----------
    files : sequence of pathlib.Path
        Its files.
    root : pathlib.Path
        The folder that their names are told from.

    Raises
    ------
    ResultsError
        If a file cannot be read, a line of it is no record, or there is no room for so many of them.
    """
    # A database without a name is a temporary file, of which nothing is written while it is small.
    with closing(sqlite3.connect("", isolation_level=None)) as database:
        try:
            yield InputIndex(files, root, database)
        except sqlite3.OperationalError as error:
            place = place_of_temporary_files()
            raise ResultsError(f"{place}: no room to find records in ({error}); make some, or name another") from None


def _name(file: Path, root: Path) -> str:
    return (file.relative_to(root) if file.is_relative_to(root) else file).as_posix()


def _missing(record: InputRecord) -> Result:
    return Result(record.record_id, "missing", record.content, input_file=record.file, input_line=record.line)


def _outcome(error: ResultError | None) -> int:
    if error is None:
        return _SUCCEEDED
    return _FAILED_FOR_NOW if error.is_worth_a_retry else _FAILED
