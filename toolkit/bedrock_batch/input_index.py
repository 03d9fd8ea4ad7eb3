"""The records of a job's input, each found by its id, in bounded memory."""

import sqlite3
import tempfile
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from msgspec.json import encode

from bedrock_batch.input_line import content_key, read_records
from bedrock_batch.results import Result

# SQLite ends a text in JSON at its first NUL.
_NUL = "\ufffd"
_INSERT = "INSERT INTO input VALUES (replace(?, char(0), char(65533)), ?, ?)"
_FIND = """
    SELECT input.key, number, line FROM json_each(?) AS wanted JOIN input ON input.key = wanted.value
    ORDER BY number DESC
"""


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

    The ids are in a temporary database on disk, one byte for each record is in memory.

    Attributes
    ----------
    all_named : bool
        Whether every record has an id; those without are found by what they ask, for which results need their lines.
    outcomes : bytearray
        The `Outcome` of each record, as far as results have been claimed.
    """

    def __init__(self, database: sqlite3.Connection, files: Sequence[Path], root: Path) -> None:
        self._database, self._files = database, files
        self._names = [_name(file, root) for file in files]
        self._starts = array("Q")
        self.all_named = True
        database.execute("BEGIN")
        database.execute("CREATE TABLE input (key TEXT, number INTEGER, line INTEGER)")
        database.executemany(_INSERT, self._keys())
        database.execute("CREATE INDEX keys ON input (key, number, line)")
        (self.total,) = database.execute("SELECT count(*) FROM input").fetchone()
        self.outcomes = bytearray(self.total)

    def claim(self, results: Sequence[Result]) -> list[Result]:
        """Tell each result the file and line of its record, and note what became of that.

        Returns
        -------
        list of Result
            Those left over: no record of the input, or none that is still free, has their id.
        """
        keys = [(result.record_id or "").replace("\0", _NUL) for result in results]
        places = self._places(keys)
        return [result for result, key in zip(results, keys, strict=True) if not self._claim(result, places.get(key))]

    def knows(self, record_id: str | None) -> bool:
        """Whether a record of the input has this id."""
        return bool(self._places([(record_id or "").replace("\0", _NUL)]))

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

    def _keys(self) -> Iterator[tuple[str, int, int]]:
        number = 0
        for file in self._files:
            self._starts.append(number)
            for line, content, record in read_records(file):
                key = record.record_id
                if key is None:
                    self.all_named, key = False, content_key(content)
                yield key, number, line
                number += 1

    def _places(self, keys: Sequence[str]) -> dict[str, list[tuple[int, int]]]:
        """Find the numbers and lines of records, the first one last."""
        places: dict[str, list[tuple[int, int]]] = {}
        for key, number, line in self._database.execute(_FIND, (encode(keys).decode(),)):
            places.setdefault(key, []).append((number, line))
        return places

    def _claim(self, result: Result, free: list[tuple[int, int]] | None) -> bool:
        if free is None and not self.all_named:
            key = content_key(result.line)
            free = self._places([key]).get(key)
        while free:
            number, line = free.pop()
            if self.outcomes[number] == Outcome.MISSING:
                self.outcomes[number] = _outcome(result)
                result.input_file, result.input_line = self._names[bisect_right(self._starts, number) - 1], line
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
    with (
        tempfile.TemporaryDirectory(prefix="bedrock-batch-") as folder,
        closing(sqlite3.connect(Path(folder, "input.sqlite"), isolation_level=None)) as database,
    ):
        # Nobody needs it after a crash.
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("PRAGMA synchronous = OFF")
        yield InputIndex(database, files, root)


def _name(file: Path, root: Path) -> str:
    return (file.relative_to(root) if file.is_relative_to(root) else file).as_posix()


def _outcome(result: Result) -> Outcome:
    if result.error is None:
        return Outcome.SUCCEEDED
    return Outcome.FAILED_FOR_NOW if result.error.is_worth_a_retry else Outcome.FAILED
