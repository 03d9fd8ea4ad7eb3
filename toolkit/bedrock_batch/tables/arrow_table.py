"""Tables with types: Parquet files, and whatever hands its columns out as an Arrow stream."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from bedrock_batch.errors import BedrockBatchError
from bedrock_batch.files.unreadable import unreadable
from bedrock_batch.tables.errors import TableError
from bedrock_batch.tables.plain import text_of

try:
    import pyarrow as pa
    from pyarrow import compute, parquet, types
except ImportError:
    raise BedrockBatchError(
        "Parquet is read by pyarrow, which is not installed; pip install 'cdk-bedrock-batch[parquet]', "
        "or save the table as .csv or .jsonl"
    ) from None

# Of a batch, uncompressed; and its rows, if they are small.
_BATCH_BYTES, _BATCH_ROWS = 1_000_000, 2_000
_CAST = (types.is_integer, types.is_boolean, types.is_date, types.is_decimal, types.is_timestamp, types.is_time)
_TEXTS = (types.is_string, types.is_large_string, types.is_string_view)
_NUMBERS = (types.is_integer, types.is_boolean, types.is_floating)
# The index of pandas, if it has no name and is no range: where rows were before others were left out.
_INDEX = re.compile(r"__index_level_\d+__")
_NESTED = (types.is_list, types.is_large_list, types.is_fixed_size_list, types.is_struct, types.is_map)


class ArrowBlock:
    """Rows of a batch.

    Parameters
    ----------
    first : int
        The number of the first row.
    batch : pyarrow.RecordBatch
        The rows.
    """

    def __init__(self, first: int, batch: Any) -> None:  # noqa: ANN401 - pyarrow publishes no types
        self.first, self._batch = first, batch
        self.texts: Mapping[str, Sequence[str]] = dict(zip(batch.schema.names, map(_texts, batch.columns), strict=True))

    def __len__(self) -> int:
        return int(self._batch.num_rows)

    def values(self, column: str) -> list[Any]:
        """See `Block`."""
        cells = self._batch.column(column)
        if any(is_kind(cells.type) for is_kind in (*_TEXTS, *_NUMBERS, *_NESTED, types.is_binary)):
            values: list[Any] = cells.to_pylist()
            return values
        return [text or None for text in self.texts[column]]

    def typed(self, column: str) -> Any:  # noqa: ANN401 - as above
        """See `Block`."""
        return self._batch.column(column)


class ArrowTable:
    """Batches of one schema.

    Parameters
    ----------
    name : str
        What the user knows it by.
    folder : pathlib.Path
        From where relative paths are told.
    schema : callable
        Gives the schema.
    batches : callable
        Begins to read the rows.
    """

    has_header = True

    def __init__(
        self, name: str, folder: Path, schema: Callable[[], Any], batches: Callable[[], Iterator[Any]]
    ) -> None:
        self.name, self.folder = name, folder
        self._schema, self._batches = schema, batches

    def blocks(self) -> Iterator[ArrowBlock]:
        """See `Table`."""
        names, first = list(self.columns()), 1
        try:
            for batch in self._batches():
                if batch.num_rows:
                    yield ArrowBlock(first, batch.select(names))
                    first += batch.num_rows
        except pa.ArrowException as error:
            raise self._broken(error) from None

    def columns(self) -> Mapping[str, Any]:
        """See `Table`."""
        try:
            schema = self._schema()
        except OSError as error:
            raise TableError(f"{self.name}: {unreadable(error)}") from None
        except pa.ArrowException as error:
            raise self._broken(error) from None
        names = schema.names
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise TableError(f"{self.name}: two columns are called {twice!a}; rename one")
        # A frame of pandas and the file that it is written to have the same columns.
        return {field.name: field.type for field in schema if not _INDEX.fullmatch(field.name)}

    def place(self, row: int) -> str:  # noqa: ARG002 - rows have no lines
        """See `Table`."""
        return self.name

    def _broken(self, error: Exception) -> TableError:
        said = " ".join(str(error).split())
        return TableError(f"{self.name}: cannot be read by pyarrow: {said}; write the table anew")


def parquet_table(path: Path) -> ArrowTable:
    """Make a table of a Parquet file."""

    def schema() -> Any:  # noqa: ANN401 - pyarrow publishes no types
        with closing(_opened(path)) as file:
            return file.schema_arrow

    return ArrowTable(str(path), path.parent, schema, lambda: parquet_batches(path))


def parquet_batches(path: Path | str) -> Iterator[Any]:
    """Read a Parquet file, a few rows at a time."""
    with closing(_opened(path)) as file:
        yield from file.iter_batches(_rows_at_a_time(file.metadata), use_threads=False)


def _opened(path: Path | str) -> Any:  # noqa: ANN401 - as above
    # By its name, Arrow would read it as a whole where it can be mapped.
    return parquet.ParquetFile(path, memory_map=False, buffer_size=_BATCH_BYTES, pre_buffer=False)


def frame_table(frame: Any) -> ArrowTable:  # noqa: ANN401 - of whichever library
    """Make a table of what has the method ``__arrow_c_stream__``: a frame of pandas or Polars, a table of Arrow.

    Raises
    ------
    TableError
        If its columns cannot be Arrow's, as one of pandas with values of several types cannot.
    """

    def reader() -> Any:  # noqa: ANN401 - pyarrow publishes no types
        return pa.RecordBatchReader.from_stream(frame)

    try:
        # pandas makes all of its columns anew each time.
        first = reader()
    except (pa.ArrowException, ValueError, TypeError) as error:
        said = " ".join(str(error).split())
        raise TableError(f"the table: Arrow cannot read it: {said}; give its rows as dicts") from None
    unread, schema = [first], first.schema

    def batches() -> Iterator[Any]:
        for batch in unread.pop() if unread else reader():
            rows = _rows_of_bytes(batch.nbytes / max(batch.num_rows, 1))
            for start in range(0, batch.num_rows, rows):
                yield batch.slice(start, rows)

    return ArrowTable("the table", Path(), lambda: schema, batches)


def _rows_at_a_time(metadata: Any) -> int:  # noqa: ANN401 - as above
    groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    largest = max((group.total_byte_size / group.num_rows for group in groups if group.num_rows), default=1)
    return _rows_of_bytes(largest)


def _rows_of_bytes(size: float) -> int:
    return max(1, min(_BATCH_ROWS, int(_BATCH_BYTES / max(size, 1))))


def _texts(cells: Any) -> list[str]:  # noqa: ANN401 - as above
    """Write the cells of a column as texts."""
    if any(is_kind(cells.type) for is_kind in _CAST):
        is_clock = types.is_timestamp(cells.type) or types.is_time(cells.type)
        cells = cells.cast(pa.string())
        # A column of whole seconds may be kept in nanoseconds.
        cells = compute.replace_substring_regex(cells, r"\.0+(Z?)$", r"\1") if is_clock else cells
    if types.is_string_view(cells.type):
        # That of Polars, of which Arrow knows less.
        cells = cells.cast(pa.large_string())
    if any(is_kind(cells.type) for is_kind in _TEXTS):
        texts: list[str] = cells.fill_null("").to_pylist()
        return texts
    return list(map(text_of, cells.to_pylist()))
