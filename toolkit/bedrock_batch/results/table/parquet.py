"""Results to a Parquet file."""

from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bedrock_batch.errors import BedrockBatchError
from bedrock_batch.results.result import Result
from bedrock_batch.results.table.columns import columns_of
from bedrock_batch.results.table.writer import Writer

try:
    import pyarrow as pa
    from pyarrow import parquet as pq
except ImportError:
    raise BedrockBatchError(
        "Parquet is written by pyarrow, which is not installed; pip install 'cdk-bedrock-batch[parquet]', "
        "or write .jsonl or .csv"
    ) from None

_SCHEMA = pa.schema(
    [
        ("record_id", pa.string()),
        ("status", pa.dictionary(pa.int8(), pa.string())),
        ("text", pa.string()),
        ("embeddings", pa.list_(pa.list_(pa.float32()))),
        ("stop_reason", pa.string()),
        ("input_tokens", pa.int64()),
        ("output_tokens", pa.int64()),
        ("latency_ms", pa.int64()),
        ("error_code", pa.int32()),
        ("error_message", pa.string()),
        ("retryable", pa.bool_()),
        ("expired", pa.bool_()),
        ("input_file", pa.string()),
        ("input_line", pa.int64()),
    ]
)
# The others hardly repeat a value, and looking for that costs time.
_REPETITIVE = ["status", "stop_reason", "error_message", "input_file"]
# Of a row group: what a reader takes at once, and what is in memory until it is written.
_GROUP_ROWS = 50_000
_GROUP_BYTES = 32_000_000


class Parquet:
    """Columns with types, in row groups of about 32 MB at most.

    Parameters
    ----------
    file : pyarrow.parquet.ParquetWriter
        Open for writing.
    thread : concurrent.futures.Executor
        Compresses and writes a row group while the next one is gathered.
    """

    def __init__(self, file: Any, thread: Executor) -> None:  # noqa: ANN401 - pyarrow publishes no types
        self._file, self._thread = file, thread
        self._tables: list[Any] = []
        self._rows = self._bytes = 0
        self._writing: Future[None] | None = None

    def write(self, results: Iterable[Result]) -> None:
        """Write the next results, a row each."""
        columns = columns_of(results)
        arrays = [_array(columns[field.name], field) for field in _SCHEMA]
        table = pa.Table.from_arrays(arrays, schema=_SCHEMA)
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
    try:
        return pa.array(values, field.type)
    except (pa.ArrowException, OverflowError) as error:
        raise BedrockBatchError(
            f"'{field.name}' must be {field.type} in Parquet, and a result has another value: {error}; "
            "write .jsonl or .csv"
        ) from None


@contextmanager
def open_parquet(path: Path) -> Iterator[Writer]:
    """Open a file for rows; it is whole when the block ends."""
    with (
        pq.ParquetWriter(path, _SCHEMA, compression="zstd", use_dictionary=_REPETITIVE) as file,
        ThreadPoolExecutor(1) as thread,
    ):
        writer = Parquet(file, thread)
        yield writer
        writer.finish()
