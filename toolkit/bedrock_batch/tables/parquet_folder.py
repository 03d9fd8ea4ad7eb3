"""Tables in folders of Parquet files, as Spark, Athena and other engines of a lake write them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
from pyarrow import dataset

from bedrock_batch.tables.arrow_table import ArrowTable, parquet_batches
from bedrock_batch.tables.errors import TableError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


def parquet_folder(path: Path) -> ArrowTable:
    """Make a table of all Parquet files below a folder, in the order of their names.

    Names that begin with ``.`` or ``_`` are passed over. Folders called ``column=value`` give columns, as in Hive. A
    column need not be in each file.
    """

    def batches() -> Iterator[Any]:
        found = _files(path)
        schema = _schema_of(found)
        # A scan of the dataset would hold whole groups of rows.
        for file in sorted(found.get_fragments(), key=lambda each: each.path):
            of_folders = dataset.get_partition_keys(file.partition_expression)
            for batch in parquet_batches(file.path):
                yield _conformed(batch, schema, of_folders)

    return ArrowTable(str(path), path, lambda: _schema_of(_files(path)), batches)


def _files(path: Path) -> Any:  # noqa: ANN401 - pyarrow publishes no types
    found = dataset.dataset(path, format="parquet", partitioning="hive")
    if not found.files:
        raise TableError(f"{path}: has no Parquet files; name the folder that has them")
    return found


def _schema_of(found: Any) -> Any:  # noqa: ANN401 - as above
    of_files = (file.physical_schema for file in found.get_fragments())
    return pa.unify_schemas([found.schema, *of_files], promote_options="permissive")


def _conformed(batch: Any, schema: Any, of_folders: Mapping[str, Any]) -> Any:  # noqa: ANN401 - as above
    """Give a batch the columns that all files have together."""
    own = set(batch.schema.names)
    columns = [
        batch.column(field.name).cast(field.type)
        if field.name in own
        else pa.array([of_folders.get(field.name)] * batch.num_rows, field.type)
        for field in schema
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema)
