"""The rows of a table, in its order, each with the result of its record."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from bedrock_batch.files.scratch import scratch_database
from bedrock_batch.results.batch import Batch, batch_of
from bedrock_batch.results.join.answers import Answers, kept_answers
from bedrock_batch.results.join.naming import id_column_of
from bedrock_batch.results.manifest import ResultsError
from bedrock_batch.results.result import Result
from bedrock_batch.results.table.beside import RowBatch
from bedrock_batch.tables.occurrences import Occurrences
from bedrock_batch.tables.opening import open_table
from bedrock_batch.tables.row_ids import made_ids
from bedrock_batch.values import counted, shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

    from bedrock_batch.tables.opening import Source
    from bedrock_batch.tables.table import Block, Table


class TableJoin:
    """A table and the results of the records that were made of it, open for reading once.

    Parameters
    ----------
    table : Table
        The table.
    answers : Answers
        The results.
    id_column : str or None
        The column with the ids of the records; None if these are digests of rows.

    Attributes
    ----------
    columns : mapping
        The columns of the table, with the Arrow type of each, or None: what `open_writer` takes as ``table``.
    rows, answered : int
        How many rows have been read, and how many of them have a result.
    """

    def __init__(self, table: Table, answers: Answers, id_column: str | None) -> None:
        self._table, self._answers, self._id_column = table, answers, id_column
        self.columns: Mapping[str, Any] = table.columns()
        self.rows = self.answered = 0
        if id_column is not None and id_column not in self.columns:
            names = ", ".join(map(shortened, self.columns))
            raise ResultsError(f"{table.name}: no column is called {shortened(id_column)}, only {names}; name the ids'")

    def batches(self) -> Iterator[Batch]:
        """Read the rows, in the order of the table; a row without a result has one of no status.

        Raises
        ------
        TableError
            If the table cannot be read.
        """
        with scratch_database("keep the ids of rows") as database:
            occurrences = Occurrences(database)
            for block in self._table.blocks():
                yield self._batch(block, occurrences)

    @property
    def notes(self) -> list[str]:
        """What to know of it, once all rows have been read."""
        said = []
        if without := self.rows - self.answered:
            said.append(f"{counted(without, 'row')} of {self._table.name} without a result")
        if repeated := self._answers.repeated:
            change = "for several models, join one's results, then the next one's with what was written"
            said.append(
                f"{counted(repeated, 'more result')} for a row that has one; the first success counts; {change}"
            )
        return said

    def disagreements(self) -> list[str]:
        """Say what does not add up, once all rows have been read."""
        strangers = self._answers.strangers()
        return (
            [f"{counted(strangers.count, 'result')} of no row of {self._table.name}: {strangers}"]
            if strangers.count
            else []
        )

    def _batch(self, block: Block, occurrences: Occurrences) -> Batch:
        ids = made_ids(block.texts, occurrences) if self._id_column is None else self._named(block, self._id_column)
        found = self._answers.of(ids)
        self.rows += len(found)
        self.answered += sum(1 for result in found if result)
        results = [result or _nothing(record_id) for result, record_id in zip(found, ids, strict=True)]
        batch = batch_of(results)
        return RowBatch(**{name: getattr(batch, name) for name in Result.__struct_fields__}, block=block)

    def _named(self, block: Block, column: str) -> list[str]:
        return list(block.texts.get(column, [""] * len(block)))


@contextmanager
def open_table_join(
    results: Iterable[Batch],
    table: Source,
    *,
    id_column: str | None = None,
    format: str | None = None,
    delimiter: str | None = None,
) -> Iterator[TableJoin]:
    """Put results beside the rows of the table that their records were made of.

    They are kept in a temporary file until the last has come; memory holds the ids of half a million.

    Parameters
    ----------
    results : iterable of Batch
        As `JoinedResults.batches` and `SeveralResults.batches` give them.
    table : str, path, data frame or iterable of mapping
        As `prepare` takes it; an iterator cannot be read twice, as it has to be.
    id_column : str
        The column with the ids of the records. Default: these are the digests that `prepare` gives, or those of the
        column that has them.
    format, delimiter : str
        Of the table, as in `prepare`.

    Raises
    ------
    BedrockBatchError
        If the table or the results cannot be read, or no row has the id of a result.
    """
    opened = open_table(table, format, delimiter)
    with kept_answers(results) as answers:
        column = id_column_of(opened, answers) if id_column is None else id_column
        yield TableJoin(opened, answers, column)


def _nothing(record_id: str) -> Result:
    return Result(record_id or None, None, b"")  # type: ignore[arg-type]  # of no record, so of no status
