"""Tables in Python: mappings, a row each, of a list, an iterator or a data frame."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from bedrock_batch.tables.errors import TableError
from bedrock_batch.tables.plain import ValueBlock, text_of
from bedrock_batch.values import described

_BLOCK_ROWS = 500


class MappingsTable:
    """Rows of Python. A column that a row does not have is an empty cell.

    Parameters
    ----------
    rows : callable
        Begins to read the rows; an iterator can be read once.
    """

    name = "the table"
    folder = Path()
    has_header = False

    def __init__(self, rows: Callable[[], Iterable[Mapping[str, Any]]]) -> None:
        self._rows = rows

    def blocks(self) -> Iterator[ValueBlock]:
        """See `Table`."""
        first = 1
        rows = iter(self._rows())
        while some := list(islice(rows, _BLOCK_ROWS)):
            for number, row in enumerate(some, first):
                _require_names(number, row)
            names = dict.fromkeys(name for row in some for name in row)
            values = {name: [row.get(name) for row in some] for name in names}
            texts = {name: list(map(text_of, cells)) for name, cells in values.items()}
            yield ValueBlock(first, texts, values)
            first += len(some)

    def columns(self) -> Mapping[str, None]:
        """See `Table`."""
        return dict.fromkeys(name for block in self.blocks() for name in block.texts)

    def place(self, row: int) -> str:  # noqa: ARG002 - rows have no lines
        """See `Table`."""
        return self.name


def _require_names(number: int, row: object) -> None:
    if not isinstance(row, Mapping):
        raise TableError(
            f"the table: row {number:,} must be a mapping from columns to cells, got {described(row)}; give dicts"
        )
    if odd := next((name for name in row if not isinstance(name, str)), None):
        raise TableError(f"the table: row {number:,} has a column called {odd!r}; call columns by texts")
