"""By what the rows of a table and the results of their records are told to belong together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bedrock_batch.results.manifest import ResultsError
from bedrock_batch.tables.row_ids import digests
from bedrock_batch.values import shortened

if TYPE_CHECKING:
    from bedrock_batch.results.join.answers import Answers
    from bedrock_batch.tables.table import Table

# The column of an earlier join, beside which the one stands that gave it its ids.
_JOINED = "record_id"


def id_column_of(table: Table, answers: Answers) -> str | None:
    """Find the column that has the ids of results.

    Parameters
    ----------
    table : Table
        The table; its first rows tell.
    answers : Answers
        The results.

    Returns
    -------
    str or None
        The column in whose cells, each another, most ids are; None if the ids are digests of rows.

    Raises
    ------
    ResultsError
        If no row has the id of a result, or two columns have as many.
    """
    for block in table.blocks():
        if answers.having(digests(block.texts)):
            return None
        counts = {name: answers.having(ids) for name, ids in block.texts.items() if len(set(ids)) == len(ids)}
        best = [name for name, count in counts.items() if count and count == max(counts.values())]
        if _JOINED in best:
            return _JOINED
        if len(best) > 1:
            names = " and ".join(map(shortened, best))
            raise ResultsError(f"{table.name}: the columns {names} have ids of results; name the one with the ids")
        if best:
            return best[0]
    raise ResultsError(
        f"{table.name}: no row has the id of a result; name the table that the records were made of, as it was then, "
        "or the column with the ids"
    )
