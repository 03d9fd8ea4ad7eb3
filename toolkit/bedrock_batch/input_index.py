"""The records of a job's input, each found by its id, in bounded memory."""

import sqlite3
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from bedrock_batch.input_keys import InputKeys
from bedrock_batch.input_line import content_key, read_records
from bedrock_batch.results import Result


class Outcome(IntEnum):
    """What became of a record of the input."""

    MISSING = 0
    SUCCEEDED = 1
    FAILED = 2
    FAILED_FOR_NOW = 3


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
        self._keys = InputKeys(self._read_keys(), database)
        self.total = len(self._lines)
        self.outcomes = bytearray(self.total)

    def claim(self, results: Sequence[Result]) -> list[Result]:
        """Tell each result the file and line of its record, and note what became of that.

        Returns
        -------
        list of Result
            Those left over: no record of the input, or none that is still free, has their id.
        """
        keys = [_key(result.record_id) for result in results]
        numbers = self._keys.find(keys)
        return [result for result, key in zip(results, keys, strict=True) if not self._claim(result, numbers.get(key))]

    def knows(self, record_id: str | None) -> bool:
        """Whether a record of the input has this id."""
        return bool(self._keys.find([_key(record_id)]))

    def missing(self) -> Iterator[Result]:
        """Tell the records that no result has claimed, in the order of the input, which is read once more."""
        if Outcome.MISSING in self.outcomes:
            for record in self.records():
                if self.outcomes[record.number] == Outcome.MISSING:
                    yield Result(
                        record_id=record.record_id,
                        status="missing",
                        line=record.content,
                        input_file=record.file,
                        input_line=record.line,
                    )

    def records(self) -> Iterator[InputRecord]:
        """Read the input once more, in its order."""
        number = 0
        for name, file in zip(self._names, self._files, strict=True):
            for line, content, record in read_records(file):
                yield InputRecord(number, record.record_id, name, line, content)
                number += 1

    def _read_keys(self) -> Iterator[str]:
        for file in self._files:
            self._starts.append(len(self._lines))
            for line, content, record in read_records(file):
                self._lines.append(line)
                if record.record_id is None:
                    self.all_named = False
                    yield content_key(content)
                else:
                    yield _key(record.record_id)

    def _claim(self, result: Result, free: list[int] | None) -> bool:
        if free is None and not self.all_named:
            key = content_key(result.line)
            free = self._keys.find([key]).get(key)
        while free:
            number = free.pop()
            if self.outcomes[number] == Outcome.MISSING:
                self.outcomes[number] = _outcome(result)
                result.input_file = self._names[bisect_right(self._starts, number) - 1]
                result.input_line = self._lines[number]
                return True
        return False


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
        If a file cannot be read, or a line of it is no record.
    """
    # A database without a name is a temporary file, of which nothing is written while it is small.
    with closing(sqlite3.connect("", isolation_level=None)) as database:
        yield InputIndex(files, root, database)


def _name(file: Path, root: Path) -> str:
    return (file.relative_to(root) if file.is_relative_to(root) else file).as_posix()


def _outcome(result: Result) -> Outcome:
    if result.error is None:
        return Outcome.SUCCEEDED
    return Outcome.FAILED_FOR_NOW if result.error.is_worth_a_retry else Outcome.FAILED


def _key(record_id: str | None) -> str:
    return (record_id or "").replace("\0", "\ufffd")
