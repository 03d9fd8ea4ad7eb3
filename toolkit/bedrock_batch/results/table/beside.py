"""The columns of a user's table before those of the results."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from bedrock_batch.results.batch import Batch
from bedrock_batch.results.table.columns import Column


class RowBatch(Batch, gc=False):
    """Results, each with the row of a table that has its place there.

    Attributes
    ----------
    block : Block
        The rows, as many as there are results.
    """

    block: Any = None


class Beside(NamedTuple):
    """Columns of a table and of results.

    Attributes
    ----------
    columns : mapping
        All of them; those of the table need a `RowBatch`.
    types : mapping
        The Arrow type of each column of the table, or None.
    answers : mapping of str to str
        From the name of each column of the results to what it is called where the table has none of that name.
    """

    columns: Mapping[str, Column]
    types: Mapping[str, Any]
    answers: Mapping[str, str]


# Each format has its own way to hold a cell.
_CELLS: Mapping[str, Callable[[Any, str], Any]] = {
    "csv": lambda block, name: block.texts[name],
    "jsonl": lambda block, name: block.values(name),
    "parquet": lambda block, name: block.typed(name),
}


def beside(table: Mapping[str, Any], columns: Mapping[str, Column], format: str) -> Beside:
    """Put columns of a table before those of results.

    Parameters
    ----------
    table : mapping
        The names of its columns, with their Arrow types.
    columns : mapping
        Those of the results. Where the table has one of the same name, it is called ``answer_`` and that.
    format : {"jsonl", "csv", "parquet"}
        In which they will be written.
    """
    answers = {_free(name, table): name for name in columns}
    named = {name: columns[own] for name, own in answers.items()}
    return Beside({**{name: _column(name, format) for name in table}, **named}, table, answers)


def _column(name: str, format: str) -> Column:
    def cells(batch: Any) -> Any:  # noqa: ANN401 - a RowBatch, and whatever its cells are
        block = batch.block
        # A column of JSON need not be in each block.
        return _CELLS[format](block, name) if name in block.texts else [None] * len(block)

    return cells


def _free(name: str, table: Mapping[str, Any]) -> str:
    while name in table:
        name = f"answer_{name}"
    return name
