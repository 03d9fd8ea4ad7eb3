"""Results to a Parquet file."""

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any, BinaryIO

from bedrock_batch.errors import BedrockBatchError
from bedrock_batch.results.batch import batch_of
from bedrock_batch.results.result import Result
from bedrock_batch.results.table.beside import Beside
from bedrock_batch.results.table.columns import Column
from bedrock_batch.results.table.writer import Writer

try:
    import pyarrow as pa
    from pyarrow import parquet as pq
except ImportError:
    raise BedrockBatchError(
        "Parquet is written by pyarrow, which is not installed; pip install 'bedrock-batch[parquet]', "
        "or write .jsonl or .csv"
    ) from None

_VECTORS = pa.list_(pa.list_(pa.float32()))
# The columns that are no texts.
_TYPES = {
    "status": pa.dictionary(pa.int8(), pa.string()),
    "embeddings": _VECTORS,
    "input_tokens": pa.int64(),
    "output_tokens": pa.int64(),
    "latency_ms": pa.int64(),
    "error_code": pa.int32(),
    "retryable": pa.bool_(),
    "expired": pa.bool_(),
    "input_line": pa.int64(),
}
# The others hardly repeat a value, and looking for that costs time.
_REPETITIVE = ["status", "stop_reason", "error_message", "input_file"]
# Of a row group: what a reader takes at once, and what is in memory until it is written.
_GROUP_ROWS = 50_000
_GROUP_BYTES = 32_000_000
# It gives room that was given back to the next column, where the default of pyarrow asks the system for more.
_POOL = pa.system_memory_pool()


class Parquet:
    """Columns with types, in row groups of about 32 MB at most.

    Parameters
    ----------
    file : pyarrow.parquet.ParquetWriter
        Open for writing.
    thread : concurrent.futures.Executor
        Compresses and writes a row group while the next one is gathered.
    columns : mapping
        The columns of the file's schema.
    """

    def __init__(self, file: Any, thread: Executor, columns: Mapping[str, Column]) -> None:  # noqa: ANN401 - pyarrow publishes no types
        self._file, self._thread, self._columns = file, thread, columns
        self._tables: list[Any] = []
        self._rows = self._bytes = 0
        self._writing: Future[None] | None = None

    def write(self, results: Iterable[Result]) -> None:
        """Write the next results, a row each."""
        batch, schema = batch_of(results), self._file.schema
        arrays = [_array(self._columns[field.name](batch), field) for field in schema]
        table = pa.Table.from_arrays(arrays, schema=schema)
        self._tables.append(table)
        self._rows += table.num_rows
        self._bytes += table.nbytes
        if self._rows >= _GROUP_ROWS or self._bytes >= _GROUP_BYTES:
            self._end_group()

    def finish(self) -> None:
        """Write what is left, and wait until all is written."""
        if self._tables:
            self._end_group()
        self._wait()

    def _end_group(self) -> None:
        self._wait()  # Memory holds two at most.
        self._writing = self._thread.submit(self._file.write_table, pa.concat_tables(self._tables))
        self._tables, self._rows, self._bytes = [], 0, 0

    def _wait(self) -> None:
        if self._writing:
            self._writing.result()


def _array(values: list[Any], field: Any) -> Any:  # noqa: ANN401 - pyarrow publishes no types
    if not isinstance(values, list):
        # Of a table that has types.
        return values
    if values.count(None) == len(values):
        return pa.nulls(len(values), field.type)
    try:
        return pa.array(values, field.type, memory_pool=_POOL)
    except (pa.ArrowException, OverflowError) as error:
        if field.type == _VECTORS:
            # Arrow rounds fractions, but refuses to round whole numbers; few vectors have one that is so large.
            with suppress(TypeError, ValueError, OverflowError):
                return pa.array([each and [list(map(float, vector)) for vector in each] for each in values], field.type)
        raise BedrockBatchError(
            f"'{field.name}' must be {field.type} in Parquet, and a result has another value: {error}; "
            "write .jsonl or .csv"
        ) from None


@contextmanager
def open_parquet(file: BinaryIO, beside: Beside) -> Iterator[Writer]:
    """Open a file for rows; it is whole when the block ends."""
    columns, of_table, answers = beside
    types = {
        **{name: kind or pa.string() for name, kind in of_table.items()},
        **{name: _TYPES.get(own, pa.string()) for name, own in answers.items()},
    }
    schema = pa.schema([(name, types[name]) for name in columns])
    with (
        pq.ParquetWriter(file, schema, compression="zstd", use_dictionary=_REPETITIVE) as parquet,
        ThreadPoolExecutor(1) as thread,
    ):
        writer = Parquet(parquet, thread, columns)
        yield writer
        writer.finish()
