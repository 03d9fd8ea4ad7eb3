"""Tables in CSV: RFC 4180, with any delimiter, as spreadsheets and databases write it."""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from itertools import accumulate, takewhile
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from bedrock_batch.files.unreadable import unreadable
from bedrock_batch.tables.compressed import open_bytes, uncompressed_name
from bedrock_batch.tables.csv_pieces import plain_pieces
from bedrock_batch.tables.csv_rows import LONGEST_CELL, Lines, in_pieces, long_cells
from bedrock_batch.tables.errors import TableError
from bedrock_batch.tables.plain import TextBlock
from bedrock_batch.values import counted, described, shortened

if TYPE_CHECKING:
    from _csv import Reader

#: Beside the comma, which is the usual one.
OTHER_DELIMITERS = ";\t|"

_ESCAPED = range(0xDC80, 0xDD00)


class CsvTable:
    """A file of comma-separated values, whose first row names the columns.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    delimiter : str
        What is between cells. Default: a tab in files whose names end in ``.tsv`` or ``.tab``, a comma in others.
    """

    def __init__(self, path: Path, delimiter: str | None = None) -> None:
        self._path = path
        usual = "\t" if uncompressed_name(path).suffix.lower() in (".tsv", ".tab") else ","
        self._delimiter = usual if delimiter is None else delimiter
        if not _may_delimit(self._delimiter):
            raise TableError(
                f"a delimiter must be one character of ASCII and no quote, got {described(delimiter)}; name it"
            )

    @property
    def name(self) -> str:
        """See `Table`."""
        return str(self._path)

    @property
    def folder(self) -> Path:
        """See `Table`."""
        return self._path.parent

    @property
    def has_header(self) -> bool:
        """See `Table`."""
        return True

    def blocks(self) -> Iterator[TextBlock]:
        """See `Table`."""
        first, end = 1, 0
        if self._path.is_file():
            header, end = self._head()
            try:
                with open_bytes(self._path) as file:
                    file.seek(end)
                    for columns, size in plain_pieces(file, self._delimiter, len(header), LONGEST_CELL):
                        yield TextBlock(first, dict(zip(header, columns, strict=True)))
                        first, end = first + len(columns[0]), end + size
                    file.seek(end)
                    if not file.read(1):
                        return
            except UnicodeDecodeError:
                raise self._undecodable() from None
            except OSError as error:
                raise TableError(f"{self._path}: {unreadable(error)}") from None
            yield from self._odd_blocks(first, end, header)
        else:
            yield from self._odd_blocks(first, 0, None)

    def columns(self) -> Mapping[str, None]:
        """See `Table`."""
        return dict.fromkeys(self._head()[0])

    def place(self, row: int) -> str:
        """See `Table`. The file is read once more, as no row knows its line."""
        try:
            with self._open(0, "replace") as file, long_cells():
                return f"{self._path}:{self._line_of(file, row)}" if self._path.is_file() else str(self._path)
        except (OSError, csv.Error, StopIteration):
            # There is no such row.
            return str(self._path)

    def _line_of(self, file: TextIO, row: int) -> int:
        reader = csv.reader(file, delimiter=self._delimiter, strict=True)
        number = -1
        while True:
            before = reader.line_num
            number += bool(next(reader))
            if number == row:
                return before + 1

    def _head(self) -> tuple[list[str], int]:
        """Read the header; tell where it ends, or 0 if its lines end otherwise than with line feeds."""
        with self._reader(0) as (_, reader):
            header = self._next_header(reader)
            lines = reader.line_num
        with open_bytes(self._path) as file:
            text = b"".join(file.readline() for _ in range(lines))
        return header, 0 if b"\r" in text.replace(b"\r\n", b"") else len(text)

    def _odd_blocks(self, first: int, start: int, header: list[str] | None) -> Iterator[TextBlock]:
        """Read the rows from a place on, whatever they look like."""
        with self._reader(start) as (lines, reader):
            if not start:
                header = self._next_header(reader)
            names = header or []
            for rows in in_pieces(lines, reader):
                try:
                    columns = list(zip(*rows, strict=True))
                except ValueError:
                    columns = []
                if len(columns) != len(names):
                    raise self._ragged(first, rows, names)
                yield TextBlock(first, dict(zip(names, columns, strict=True)))
                first += len(rows)

    @contextmanager
    def _reader(self, start: int) -> "Iterator[tuple[Lines, Reader]]":
        try:
            with self._open(start, "strict") as file:
                lines = Lines(file)
                reader = csv.reader(lines, delimiter=self._delimiter, strict=True)
                try:
                    yield lines, reader
                except csv.Error as error:
                    line = self._lines_before(start) + reader.line_num
                    raise TableError(f"{self._path}:{line}: is no CSV: {_explained(error)}") from None
        except UnicodeDecodeError:
            raise self._undecodable() from None
        except OSError as error:
            raise TableError(f"{self._path}: {unreadable(error)}") from None

    def _open(self, start: int, errors: str) -> TextIO:
        file = open_bytes(self._path)
        if start:
            file.seek(start)
        return TextIOWrapper(file, encoding="utf-8" if start else "utf-8-sig", newline="", errors=errors)

    def _lines_before(self, end: int) -> int:
        with open_bytes(self._path) as file:
            lines = accumulate(map(len, file))
            return sum(1 for _ in takewhile(lambda place: place <= end, lines))

    def _next_header(self, reader: "Reader") -> list[str]:
        with long_cells():
            return self._header(next(reader, []))

    def _header(self, cells: Sequence[str]) -> list[str]:
        if not cells:
            raise TableError(f"{self._path}: has no header; write the names of the columns into its first row")
        if cells[0].startswith("sep="):
            raise TableError(
                f"{self._path}:1: tells Excel the delimiter, and is no header; remove this line, and name the delimiter"
            )
        if "\0" in "".join(cells):
            raise TableError(f"{self._path}: is no text in UTF-8, as its header has NUL characters; save it as UTF-8")
        names = [cell or f"column {number}" for number, cell in enumerate(cells, 1)]
        twice = next((name for name, times in Counter(names).items() if times > 1), None)
        if twice is not None:
            raise TableError(f"{self._path}: two columns are called {shortened(twice, 80)}; rename one")
        return names

    def _ragged(self, first: int, rows: Sequence[Sequence[str]], header: Sequence[str]) -> TableError:
        row = next(number for number, cells in enumerate(rows) if len(cells) != len(header))
        has = f"has {counted(len(rows[row]), 'cell')}, and the header has {counted(len(header), 'column')}"
        change = 'put a cell that holds the delimiter in quotes ("a,b"), or name another delimiter'
        if len(header) == 1 and any(char in header[0] for char in OTHER_DELIMITERS):
            has, change = f"{has}, {shortened(header[0])}", "name the table's delimiter"
        return TableError(f"{self.place(first + row)}: row {first + row:,} {has}; {change}")

    def _undecodable(self) -> TableError:
        """Find the cell that is not UTF-8."""
        with self._open(0, "surrogateescape") as file, long_cells():
            reader = csv.reader(file, delimiter=self._delimiter)
            before = 0
            for row, cells in enumerate(filter(None, reader)):
                for number, cell in enumerate(cells, 1):
                    if odd := next((char for char in cell if ord(char) in _ESCAPED), None):
                        which = f"row {row:,}" if row else "the header"
                        where = f"{self._path}:{before + 1}: {which}, column {number}, is not UTF-8"
                        change = "save the table as UTF-8, or convert it: iconv -f windows-1252 -t utf-8"
                        return TableError(f"{where}: it has the byte {ord(odd) - 0xDC00:#04x}; {change}")
                before = reader.line_num
        return TableError(f"{self._path}: is not UTF-8; save the table as UTF-8")


def _may_delimit(char: object) -> bool:
    return isinstance(char, str) and len(char) == 1 and char.isascii() and char not in '"\r\n'


def _explained(error: csv.Error) -> str:
    said = str(error)
    if said.startswith("field larger"):
        return f"a cell has more than {LONGEST_CELL:,} characters; look for a quote that nobody closes"
    if said.startswith("unexpected end"):
        return "a cell begins with a quote that nobody closes; close it"
    return f"{said}; write a quote in a cell twice, and put the whole cell in quotes"
