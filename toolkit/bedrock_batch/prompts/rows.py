"""The rows of a table that become records: those with something in each cell that is asked about."""

from __future__ import annotations

from itertools import compress
from typing import TYPE_CHECKING, Literal, TypeVar

from bedrock_batch.errors import BedrockBatchError
from bedrock_batch.tables.table import fault
from bedrock_batch.values import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bedrock_batch.prompts.prompt import Prompt
    from bedrock_batch.tables.table import Block, Table

Empty = Literal["refuse", "skip", "keep"]
EMPTY: tuple[Empty, ...] = ("refuse", "skip", "keep")

Cell = TypeVar("Cell")


class Rows:
    """Some rows of a block.

    Parameters
    ----------
    block : Block
        The block.
    chosen : sequence of bool or None
        Which of its rows; None for all.

    Attributes
    ----------
    numbers : sequence of int
        The number of each in the table, from 1.
    texts : mapping
        As of a block, of these rows alone.
    with_empty : sequence of int
        The positions of those with an empty cell that is asked about.
    """

    def __init__(self, block: Block, chosen: Sequence[bool] | None, with_empty: Sequence[int] = ()) -> None:
        self.block, self._chosen, self.with_empty = block, chosen, with_empty
        self.numbers: Sequence[int] = self.chosen(range(block.first, block.first + len(block)))
        self.texts: Mapping[str, Sequence[str]] = {name: self.chosen(cells) for name, cells in block.texts.items()}

    def chosen(self, cells: Sequence[Cell]) -> Sequence[Cell]:
        """Take the cells of these rows out of a column of the block."""
        return cells if self._chosen is None else list(compress(cells, self._chosen))


class RowChoice:
    """Chooses rows.

    Parameters
    ----------
    table : Table
        The table.
    prompt : Prompt
        What is asked.
    empty : {"refuse", "skip", "keep"}
        What becomes of rows with an empty cell that is asked about.
    first : int or None
        How many rows are looked at; None for all.

    Attributes
    ----------
    read, skipped : int
        How many rows there were, and how many of them were left out.
    """

    def __init__(self, table: Table, prompt: Prompt, empty: Empty, first: int | None) -> None:
        self._table, self._prompt, self._empty, self._first = table, prompt, empty, first
        self.read = self.skipped = 0
        self._seen: dict[str, None] = {}

    def blocks(self) -> Iterator[Rows]:
        """Read the rows.

        Raises
        ------
        TemplateError
            If something that is asked about is no column.
        TableError
            If a cell is empty and may not be, or there is no row.
        """
        for block in self._table.blocks():
            self._look(block)
            rows = self._rows(block)
            if rows.numbers:
                yield rows
            if self.read == self._first:
                break
        self._require_some()

    def _look(self, block: Block) -> None:
        self._seen.update(dict.fromkeys(block.texts))
        if missing := [column for column in self._prompt.columns if column not in block.texts]:
            if self._empty == "refuse" or self._table.has_header:
                self._require_columns()
            # Of JSON, where an empty cell may be no member at all.
            block.texts = {**block.texts, **dict.fromkeys(missing, [""] * len(block))}

    def _rows(self, block: Block) -> Rows:
        size = len(block) if self._first is None else min(len(block), self._first - self.read)
        self.read += size
        empty = {position for position in self._empty_rows(block) if position < size}
        if empty and self._empty == "refuse":
            raise self._empty_cell(block, min(empty))
        if self._empty == "keep":
            return Rows(block, _first_of(size, block), sorted(empty))
        self.skipped += len(empty)
        chosen = [position not in empty for position in range(size)] if empty else _first_of(size, block)
        return Rows(block, chosen)

    def _empty_rows(self, block: Block) -> set[int]:
        found: set[int] = set()
        for column in self._prompt.columns:
            cells = block.texts[column]
            if "" in cells or any(map(str.isspace, cells)):
                found.update(position for position, cell in enumerate(cells) if not cell or cell.isspace())
        return found

    def _empty_cell(self, block: Block, position: int) -> BedrockBatchError:
        column = next(name for name in self._prompt.columns if not block.texts[name][position].strip())
        said = "is empty; fill it, or say with 'empty' what becomes of such rows: skip or keep"
        return fault(self._table, block.first + position, column, said)

    def _require_some(self) -> None:
        name = self._table.name
        if not self.read:
            raise BedrockBatchError(f"{name}: has no rows; add one for each record")
        if not self._seen.keys() >= set(self._prompt.columns):
            self._require_columns()
        if self.skipped == self.read:
            raise BedrockBatchError(
                f"{name}: each of {counted(self.read, 'row')} has an empty cell; name other columns"
            )

    def _require_columns(self) -> None:
        """Refuse what no row has. Rows of JSON that are still to come may have a column that none had so far."""
        self._prompt.require({**self._seen, **self._table.columns()})


def _first_of(size: int, block: Block) -> Sequence[bool] | None:
    return None if size == len(block) else [True] * size
