"""Results to a Parquet file."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bedrock_batch.columns import COLUMNS
from bedrock_batch.errors import BedrockBatchError
from bedrock_batch.results import Result
from bedrock_batch.writers import Writer

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
_GROUP_ROWS = 100_000
_GROUP_BYTES = 64_000_000


class Parquet(Writer):
    """Columns with types, in row groups of up to 64 MB.

    Parameters
    ----------
    file : pyarrow.parquet.ParquetWriter
        Open for writing.
    """

    def __init__(self, file: Any) -> None:  # noqa: ANN401 - pyarrow publishes no types
        self._file = file
        self._tables: list[Any] = []
        self._rows = self._bytes = 0

    def write(self, results: Sequence[Result]) -> None:
        """Write the next results, a row each."""
        arrays = [pa.array(list(map(COLUMNS[each.name], results)), each.type) for each in _SCHEMA]
        table = pa.Table.from_arrays(arrays, schema=_SCHEMA)
        self._tables.append(table)
        self._rows += table.num_rows
        self._bytes += table.nbytes
        if self._rows >= _GROUP_ROWS or self._bytes >= _GROUP_BYTES:
            self.flush()

    def flush(self) -> None:
        """End the row group."""
        if self._tables:
            self._file.write_table(pa.concat_tables(self._tables))
            self._tables, self._rows, self._bytes = [], 0, 0


@contextmanager
def open_parquet(path: Path) -> Iterator[Writer]:
    """Open a file for rows; it is whole when the block ends."""
    with pq.ParquetWriter(path, _SCHEMA, compression="zstd", use_dictionary=_REPETITIVE) as file:
        writer = Parquet(file)
        yield writer
        writer.flush()
