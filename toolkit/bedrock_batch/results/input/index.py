"""The records of a job's input, each found by its id, in bounded memory."""

import sqlite3
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum
from itertools import chain, count, islice
from pathlib import Path

from bedrock_batch.files.scratch import scratch_database
from bedrock_batch.results.batch import Batch, batch_of
from bedrock_batch.results.input.keys import InputKeys
from bedrock_batch.results.input.lines import content_key, read_blocks
from bedrock_batch.results.input.twins import Twins
from bedrock_batch.results.manifest import ResultsError
from bedrock_batch.results.odd_lines import OddLines
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
        Whether every record has an id; those without are found by what they ask.
    outcomes : bytearray
        The `Outcome` of each record, as far as results have been claimed.
    odd_lines : OddLines
        The lines that are no record.
    """

    def __init__(self, files: Sequence[Path], root: Path, database: sqlite3.Connection) -> None:
        self._files = files
        self._names = [_name(file, root) for file in files]
        self._starts, self._lines = array("Q"), array("Q")
        self.all_named = True
        self.odd_lines = OddLines()
        self._keys = InputKeys(chain.from_iterable(self._read_keys()), database)
        self.total = len(self._lines)
        self.outcomes = bytearray(self.total)
        self._twins = Twins(database)
        if self._keys.has_repeated:
            self._twins.add(chain.from_iterable(self._read_twins()))

    @property
    def needs_lines(self) -> bool:
        """Whether results need their lines to find their records: these have no id, or several have one."""
        return self._twins.found or not self.all_named

    def claim(self, batch: Batch) -> list[int]:
        """Tell results the file and line of their records, and note what became of these.

        Returns
        -------
        list of int
            The rows of those left over: no record of the input, or none that is still free, has their id.
        """
        ids = [record_id or "" for record_id in batch.record_id]
        numbers = self._keys.first(ids)
        if self._twins.found and (twins := self._keys.repeated(ids)):
            numbers = [None if each in twins else number for each, number in zip(ids, numbers, strict=True)]
        rest = self._take_all(numbers, batch.error)
        for row, free in zip(rest, self._candidates(batch, rest), strict=True):
            numbers[row] = self._take_one(free, batch.error[row])
        lines = self._lines
        batch.input_file = self._files_of(numbers)
        batch.input_line = [None if number is None else lines[number] for number in numbers]
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

    def number_of(self, file: str, line: int) -> int:
        """Tell the place of a record among all of the input, from 0."""
        which = self._names.index(file)
        end = self._starts[which + 1] if which + 1 < len(self._starts) else self.total
        return bisect_left(self._lines, line, self._starts[which], end)

    def records(self) -> Iterator[InputRecord]:
        """Read the input once more, in its order."""
        number = count()
        for name, file in zip(self._names, self._files, strict=True):
            for block in read_blocks(file, name):
                for line, content, record_id in zip(block.numbers, block.lines, block.record_ids, strict=True):
                    yield InputRecord(next(number), record_id, name, line, content)

    def _read_keys(self) -> Iterator[list[str]]:
        for name, file in zip(self._names, self._files, strict=True):
            self._starts.append(len(self._lines))
            for block in read_blocks(file, name):
                for line in block.odd:
                    self.odd_lines.add(line)
                self._lines.extend(block.numbers)
                self.all_named &= None not in block.record_ids
                yield block.keys()

    def _read_twins(self) -> Iterator[list[tuple[str, bytes, int]]]:
        number = count()
        for name, file in zip(self._names, self._files, strict=True):
            for block in read_blocks(file, name):
                twins = self._keys.repeated([record_id for record_id in block.record_ids if record_id is not None])
                rows = zip(block.record_ids, block.lines, number, strict=False)
                yield [(record_id, line, each) for record_id, line, each in rows if record_id in twins]

    def _candidates(self, batch: Batch, rows: Sequence[int]) -> list[Iterator[int]]:
        """Give all records that each of some results could belong to, the first one first."""
        twins = self._twins_of(batch, rows) if self._twins.found else {}
        keys = {row: batch.record_id[row] or "" for row in rows if row not in twins}
        found = self._keys.find(keys.values())
        if not self.all_named:
            keys = {row: key if key in found else content_key(batch.line[row]) for row, key in keys.items()}
            found = self._keys.find(keys.values())
        # Results with one key take their records from one iterator.
        numbers = {key: reversed(each) for key, each in found.items()}
        return [twins[row] if row in twins else numbers.get(keys[row], iter(())) for row in rows]

    def _twins_of(self, batch: Batch, rows: Sequence[int]) -> dict[int, Iterator[int]]:
        found = {row: self._twins.like(batch.record_id[row] or "", batch.line[row]) for row in rows}
        return {row: numbers for row, numbers in found.items() if numbers is not None}

    def _take_all(self, numbers: Sequence[int | None], errors: Sequence[ResultError | None]) -> list[int]:
        outcomes, rest = self.outcomes, []
        for row, (number, error) in enumerate(zip(numbers, errors, strict=True)):
            if number is None or outcomes[number] != _MISSING:
                rest.append(row)
            else:
                outcomes[number] = _SUCCEEDED if error is None else _outcome(error)
        return rest

    def _take_one(self, numbers: Iterator[int], error: ResultError | None) -> int | None:
        return next((number for number in numbers if not self._take_all([number], [error])), None)

    def _files_of(self, numbers: Sequence[int | None]) -> list[str | None]:
        if len(self._names) == 1:
            return [None if number is None else self._names[0] for number in numbers]
        names, starts = self._names, self._starts
        return [None if number is None else names[bisect_right(starts, number) - 1] for number in numbers]


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
        If a file cannot be read, or no line of it is a record.
    BedrockBatchError
        If there is no room for so many of them.
    """
    with scratch_database("find records") as database:
        index = InputIndex(files, root, database)
        if index.odd_lines.count and not index.total:
            raise ResultsError(f"no record in the input: {index.odd_lines}; name the input that the job had")
        yield index


def _name(file: Path, root: Path) -> str:
    name = (file.relative_to(root) if file.is_relative_to(root) else file).as_posix()
    # A name need not be UTF-8, which all tables are; escaped, it is still another than that of the next file.
    return name.encode(errors="backslashreplace").decode()


def _missing(record: InputRecord) -> Result:
    return Result(record.record_id, "missing", record.content, input_file=record.file, input_line=record.line)


def _outcome(error: ResultError) -> int:
    return _FAILED_FOR_NOW if error.is_worth_a_retry else _FAILED
