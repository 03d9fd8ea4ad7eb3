"""Results as text: JSON Lines or CSV."""

import csv
from collections.abc import Iterable, Iterator
from typing import TextIO

from msgspec.json import Encoder, encode

from bedrock_batch.results.result import Result
from bedrock_batch.results.table.columns import COLUMNS, rows_of

_ENCODER = Encoder()


class JsonLines:
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


class Csv:
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
