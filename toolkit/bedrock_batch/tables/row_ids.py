"""What the record of each row is called: by a column, or by what the row says."""

from __future__ import annotations

import re
from contextlib import contextmanager
from hashlib import blake2b
from typing import TYPE_CHECKING, Protocol

from bedrock_batch.files.scratch import scratch_database
from bedrock_batch.tables.occurrences import Occurrences
from bedrock_batch.tables.table import fault
from bedrock_batch.values import shortened

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bedrock_batch.tables.errors import TableError
    from bedrock_batch.tables.table import Table

#: What the ids look like that are made here: a table of a billion rows has two alike once in two million tables.
MADE = re.compile(r"row-[0-9a-f]{20}(-\d+)?")

_DIGEST_BYTES = 10


class SomeRows(Protocol):
    """Rows of a table.

    Attributes
    ----------
    numbers : sequence of int
        The number of each in the table, from 1.
    texts : mapping of str to sequence of str
        The cells of each column.
    """

    numbers: Sequence[int]
    texts: Mapping[str, Sequence[str]]


class RowIds:
    """Gives the records of a table's rows their ids, from the first row on.

    Parameters
    ----------
    table : Table
        The table.
    column : str or None
        The column that has them. If there is none, an id is a digest of all that its row says, by the names of the
        columns in the order of these names: it is the same wherever the row stands, and in each format in which its
        cells are the same texts. The second of equal rows has ``-2`` behind it, and so on.
    occurrences : Occurrences
        Where ids are kept that have been given.
    """

    def __init__(self, table: Table, column: str | None, occurrences: Occurrences) -> None:
        self._table, self._column, self._occurrences = table, column, occurrences

    def of(self, rows: SomeRows) -> list[str]:
        """Give the ids of the next rows. Those that are left out between them change nothing: they are equal to none.

        Raises
        ------
        TableError
            If the column has an empty cell, or an id that another row has.
        """
        if self._column is None:
            return made_ids(rows.texts, self._occurrences)
        ids = list(rows.texts[self._column])
        if "" in ids:
            raise empty_id(self._table, rows.numbers[ids.index("")], self._column)
        for position, _ in self._occurrences.again(ids):
            raise self._repeated(rows.numbers[position], ids[position])
        return ids

    def _repeated(self, row: int, record_id: str) -> TableError:
        first = next(self._rows_with(record_id), row)
        there = f"has the id {shortened(record_id)}" + (f" of row {first:,}" if first != row else " of another row")
        said = f"{there}, and results are told apart by it; give each row an id of its own, or name no id column"
        return fault(self._table, row, self._column, said)

    def _rows_with(self, record_id: str) -> Iterator[int]:
        for block in self._table.blocks():
            for position, each in enumerate(block.texts.get(self._column or "", ())):
                if each == record_id:
                    yield block.first + position


def empty_id(table: Table, row: int, column: str) -> TableError:
    """Make the error of a row that should have an id."""
    return fault(table, row, column, "is empty, and it is the record's id; fill it, or name another column")


@contextmanager
def row_ids(table: Table, column: str | None) -> Iterator[RowIds]:
    """Open what gives the rows of a table their ids, in bounded memory.

    Raises
    ------
    BedrockBatchError
        If there is no room on disk for more ids than memory should hold.
    """
    with scratch_database("keep the ids of rows") as database:
        yield RowIds(table, column, Occurrences(database))


def made_ids(texts: Mapping[str, Sequence[str]], occurrences: Occurrences) -> list[str]:
    """Make the ids of the next rows of a table: digests, which are numbered from the second of equal rows on."""
    ids = digests(texts)
    for position, before in occurrences.again(ids):
        ids[position] = f"{ids[position]}-{before + 1}"
    return ids


def digests(texts: Mapping[str, Sequence[str]]) -> list[str]:
    """Give a digest of what each row says: its cells that are not empty, with the names of their columns."""
    names = sorted(texts)
    form = "".join(f"{name.replace('%', '%%')}\x1f%s\x1e" for name in names)
    columns = [texts[name] for name in names]
    rows = zip(*columns, strict=True)
    if any("" in column for column in columns):
        said = [_said(names, row) for row in rows]
    else:
        said = list(map(form.__mod__, rows))
    return [f"row-{blake2b(each, digest_size=_DIGEST_BYTES).hexdigest()}" for each in _encoded(said)]


def _encoded(said: Sequence[str]) -> list[bytes]:
    try:
        # Without a word on what to do about errors, it takes half the time.
        return list(map(str.encode, said))
    except UnicodeEncodeError:
        # A frame may hold half of a surrogate pair.
        return [each.encode("utf-8", "surrogatepass") for each in said]


def _said(names: Sequence[str], row: tuple[str, ...]) -> str:
    return "".join(f"{name}\x1f{cell}\x1e" for name, cell in zip(names, row, strict=True) if cell)
