"""Results to a file: JSON Lines, CSV or Parquet."""

import csv
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TextIO

from msgspec.json import Encoder, encode

from bedrock_batch.columns import COLUMNS, rows_of
from bedrock_batch.errors import BedrockBatchError
from bedrock_batch.lines import shortened
from bedrock_batch.results import Result
from bedrock_batch.whole_file import whole_file

FORMATS = ("jsonl", "csv", "parquet")
_ENCODER = Encoder()


class Writer:
    """Takes results, batch by batch."""

    def write(self, results: Iterable[Result]) -> None:
        """Write the next results, a row each."""
        raise NotImplementedError


@contextmanager
def open_writer(path: Path, format: str | None = None) -> Iterator[Writer]:
    """Write a table, whole or not at all.

    Parameters
    ----------
    path : pathlib.Path
        The file; one that is there is replaced when the new one is whole.
    format : {"jsonl", "csv", "parquet"} or None
        Default: as the name of the file ends.

    Yields
    ------
    Writer
        To give the results to.

    Raises
    ------
    BedrockBatchError
        If the format is none of these, or is Parquet and pyarrow is not installed.
    OSError
        If the file cannot be written.
    """
    chosen = format or path.suffix.removeprefix(".").lower()
    if chosen not in FORMATS:
        raise BedrockBatchError(
            f"the format of {path} must be jsonl, csv or parquet, got {shortened(chosen)}; "
            "end the name in .jsonl, .csv or .parquet, or name the format"
        )
    with whole_file(path) as partial, _open(partial, chosen) as writer:
        yield writer


def _open(path: Path, format: str) -> AbstractContextManager[Writer]:
    if format == "parquet":
        from bedrock_batch.parquet import open_parquet  # noqa: PLC0415 - pyarrow is large, and optional

        return open_parquet(path)
    return _open_text(path, format)


@contextmanager
def _open_text(path: Path, format: str) -> Iterator[Writer]:
    with path.open("w", encoding="utf-8", newline="") as file:
        yield JsonLines(file) if format == "jsonl" else Csv(file)


class JsonLines(Writer):
    """One JSON object a line, what is not known as null.

    Parameters
    ----------
    file : text file
        Open for writing.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, results: Iterable[Result]) -> None:
        """Write the next results, a row each."""
        self._file.write(
            _ENCODER.encode_lines([dict(zip(COLUMNS, row, strict=True)) for row in rows_of(results)]).decode()
        )


class Csv(Writer):
    """Comma-separated values as in RFC 4180, a header first, what is not known empty, vectors as JSON.

    Parameters
    ----------
    file : text file
        Open for writing, with ``newline=""``.
    """

    def __init__(self, file: TextIO) -> None:
        self._csv = csv.writer(file)
        self._csv.writerow(COLUMNS)

    def write(self, results: Iterable[Result]) -> None:
        """Write the next results, a row each."""
        self._csv.writerows(map(_cells, rows_of(results)))


def _cells(row: Iterable[object]) -> Iterator[object]:
    for value in row:
        yield encode(value).decode() if isinstance(value, list | bool) else value
