"""Results as text: JSON Lines or CSV."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from typing import TextIO

from msgspec.json import Encoder, encode

from bedrock_batch.results.result import Result
from bedrock_batch.results.table.columns import COLUMNS, Column, rows_of

# A cell of a user's table may be a value that JSON does not have.
_ENCODER = Encoder(enc_hook=str)
# As OWASP lists them (https://owasp.org/www-community/attacks/CSV_Injection): a model answers what a record asks it to.
_BEGIN_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")


class JsonLines:
    """One JSON object a line, what is not known as null.

    Parameters
    ----------
    file : text file
        Open for writing.
    columns : mapping
        The columns. Default: those that every table has.
    """

    def __init__(self, file: TextIO, columns: Mapping[str, Column] = COLUMNS) -> None:
        self._file, self._columns = file, columns

    def write(self, results: Iterable[Result]) -> None:
        """Write the next results, a row each."""
        rows = rows_of(results, self._columns)
        self._file.write(_ENCODER.encode_lines([dict(zip(self._columns, row, strict=True)) for row in rows]).decode())


class Csv:
    """Comma-separated values as in RFC 4180, a header first, what is not known empty, vectors as JSON.

    Parameters
    ----------
    file : text file
        Open for writing, with ``newline=""``.
    columns : mapping
        The columns. Default: those that every table has.
    spreadsheet_safe : bool
        Whether a text that a spreadsheet would take for a formula gets an apostrophe before it. Default: text stays as
        the model has written it.
    """

    def __init__(
        self, file: TextIO, columns: Mapping[str, Column] = COLUMNS, *, spreadsheet_safe: bool = False
    ) -> None:
        self._columns = columns
        self._csv = csv.writer(file)
        self._cells = _safe_cells if spreadsheet_safe else _cells
        self._csv.writerow(columns)

    def write(self, results: Iterable[Result]) -> None:
        """Write the next results, a row each."""
        self._csv.writerows(map(self._cells, rows_of(results, self._columns)))


def _cells(row: Iterable[object]) -> Iterator[object]:
    for value in row:
        yield encode(value).decode() if isinstance(value, list | bool) else value


def _safe_cells(row: Iterable[object]) -> Iterator[object]:
    for cell in _cells(row):
        yield f"'{cell}" if isinstance(cell, str) and cell.startswith(_BEGIN_FORMULAS) else cell
