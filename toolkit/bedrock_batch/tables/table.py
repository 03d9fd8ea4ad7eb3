"""What every kind of table offers: its rows, some at a time, and a name for each."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from bedrock_batch.tables.errors import TableError
from bedrock_batch.values import shortened


class Block(Protocol):
    """Some rows of a table, by the column.

    Attributes
    ----------
    first : int
        The number of the first of them among the table's rows, from 1.
    texts : mapping of str to sequence of str
        The cells of each column as texts, in the order of the columns. An empty cell is an empty text.
    """

    first: int
    texts: Mapping[str, Sequence[str]]

    def __len__(self) -> int:
        """Return how many rows they are."""

    def values(self, column: str) -> list[Any]:
        """Return the cells of a column as JSON has them: texts, numbers, None; of Parquet, as Python has them."""

    def typed(self, column: str) -> Any:  # noqa: ANN401 - pyarrow publishes no types
        """Return the cells of a column as Parquet has them: an array of Arrow, or texts and None for no value."""


class Table(Protocol):
    """A table. Its rows can be read more than once, unless it is an iterator."""

    @property
    def name(self) -> str:
        """What the user knows it by."""

    @property
    def folder(self) -> Path:
        """The folder from which a relative path in a cell is told."""

    @property
    def has_header(self) -> bool:
        """Whether each row has the same columns; if not, one that a row does not have is an empty cell."""

    def blocks(self) -> Iterator[Block]:
        """Read the rows.

        Raises
        ------
        TableError
            If the table cannot be read, or a row is not like the others.
        """

    def columns(self) -> Mapping[str, Any]:
        """Return the names of all columns, with the Arrow type of each, or None. JSON Lines are read for them.

        Raises
        ------
        TableError
            As `blocks` does.
        """

    def place(self, row: int) -> str:
        """Say where a row is, counted from 1: the file and its line, as far as these are known."""


def fault(table: Table, row: int, column: str | None, said: str) -> TableError:
    """Make the error of a cell, or of a row."""
    of_column = "" if column is None else f", column {shortened(column, 80)},"
    return TableError(f"{table.place(row)}: row {row:,}{of_column} {said}")
