"""A table from whatever the user has it in."""

import importlib.util
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from bedrock_batch.files.s3_uri import is_s3_uri
from bedrock_batch.tables.compressed import open_bytes, uncompressed_name
from bedrock_batch.tables.csv_table import CsvTable
from bedrock_batch.tables.errors import TableError
from bedrock_batch.tables.jsonl_table import JsonLinesTable
from bedrock_batch.tables.mappings_table import MappingsTable
from bedrock_batch.tables.table import Table
from bedrock_batch.values import shortened

FORMATS = ("csv", "jsonl", "parquet")

_ENDS = {
    "csv": (".csv", ".tsv", ".tab"),
    "jsonl": (".jsonl", ".ndjson"),
    "parquet": (".parquet", ".pq"),
}
# What is no text in UTF-8, by how it begins.
_SIGNATURES = {
    b"\x1f\x8b": "is compressed with gzip; end its name in .gz, or decompress it with gunzip",
    b"PK\x03\x04": "is an Excel workbook or another zip archive; save it as CSV in UTF-8",
    b"\xd0\xcf\x11\xe0": "is an old Excel workbook; save it as CSV in UTF-8",
    b"\xff\xfe": "is UTF-16; save it as UTF-8",
    b"\xfe\xff": "is UTF-16; save it as UTF-8",
    b"PAR1": "is Parquet; name the format parquet",
}
_PANDAS_ROWS = 10_000

_NAMED = "format, --table-format"

#: A path, a data frame of whichever library, or rows that are mappings.
Source = Any


def open_table(source: Source, format: str | None = None, delimiter: str | None = None) -> Table:
    """Make a table of a file, a data frame or rows of Python.

    Parameters
    ----------
    source : str, path, data frame or iterable of mapping
        A file in CSV or JSON Lines (``.gz``, too) or Parquet, or a folder of Parquet files; what has
        ``__arrow_c_stream__``, as frames of pandas and Polars, tables of Arrow and relations of DuckDB have; or rows.
    format : {"csv", "jsonl", "parquet"}
        Of a file. Default: as its name ends.
    delimiter : str
        What is between the cells of CSV. Default: a comma; a tab in ``.tsv`` and ``.tab``.

    Raises
    ------
    TableError
        If it is none of these.
    BedrockBatchError
        If it needs pyarrow, which is not installed.
    """
    if isinstance(source, str | os.PathLike):
        return _file(os.fspath(source), format, delimiter)
    if format is not None or delimiter is not None:
        raise TableError("a format and a delimiter are those of a file, and the table is none; leave them out")
    if hasattr(source, "__arrow_c_stream__") and importlib.util.find_spec("pyarrow"):
        return _frame(source)
    if hasattr(source, "iter_rows"):  # Polars
        return MappingsTable(lambda: source.iter_rows(named=True))
    if _is_of_pandas(source):
        return _pandas(source)
    if isinstance(source, Iterable) and not isinstance(source, Mapping | bytes):
        return MappingsTable(lambda: source)
    raise TableError(
        f"a table must be a file, a data frame or rows that are mappings, got {type(source).__name__}; "
        "give the rows as a list of dict, or collect a lazy frame first"
    )


def _frame(frame: Any) -> Table:  # noqa: ANN401 - of whichever library
    from bedrock_batch.tables.arrow_table import frame_table  # noqa: PLC0415 - pyarrow is large, and optional

    if hasattr(frame, "iter_rows") and "Object" in map(str, frame.dtypes):
        # Polars hands out where its objects are in memory, as bytes.
        return MappingsTable(lambda: frame.iter_rows(named=True))
    try:
        return frame_table(frame)
    except TableError:
        if _is_of_pandas(frame):
            # Each cell of pandas may be of another type.
            return _pandas(frame)
        raise


def _is_of_pandas(source: object) -> bool:
    return hasattr(source, "iloc") and hasattr(source, "columns")


def _pandas(frame: Any) -> Table:  # noqa: ANN401 - pandas is no dependency
    names = list(frame.columns)
    if len(set(names)) < len(names):
        raise TableError("the table: two columns have one name; rename one")
    return MappingsTable(lambda: _rows_of_pandas(frame))


def _file(name: str, format: str | None, delimiter: str | None) -> Table:
    if is_s3_uri(name):
        raise TableError(
            f"{shortened(name, 200)} is in S3, and a table must be on this machine; aws s3 cp it here first"
        )
    if "\0" in name:
        raise TableError(f"{shortened(name, 200)}: no file can have this path; correct it")
    path = Path(name)
    chosen = format or ("parquet" if path.is_dir() else _told_by(path))
    _require_text(path, chosen)
    if chosen not in FORMATS:
        told = "got a name that tells none" if chosen is None else f"got {shortened(chosen)}"
        raise TableError(f"{name}: the format of a table must be csv, jsonl or parquet, {told}; name it: {_NAMED}")
    if chosen != "parquet" and path.is_dir():
        raise TableError(f"{name}: is a folder, and of {chosen} a table is one file; put its files into one")
    if delimiter is not None and chosen != "csv":
        raise TableError(f"{name}: only CSV has a delimiter, and the format is {chosen}; leave it out")
    if chosen == "csv":
        return CsvTable(path, delimiter)
    if chosen == "jsonl":
        return JsonLinesTable(path)
    return _parquet(path)


def _told_by(path: Path) -> str | None:
    return next((each for each, ends in _ENDS.items() if uncompressed_name(path).suffix.lower() in ends), None)


def _parquet(path: Path) -> Table:
    from bedrock_batch.tables.arrow_table import parquet_table  # noqa: PLC0415 - pyarrow is large, and optional

    if not path.is_dir():
        return parquet_table(path)
    from bedrock_batch.tables.parquet_folder import parquet_folder  # noqa: PLC0415 - as above

    return parquet_folder(path)


def _require_text(path: Path, format: str | None) -> None:
    try:
        if not path.is_file() or format == "parquet":
            return
        with open_bytes(path) as file:
            start = file.read(4)
    except (OSError, ValueError):
        return  # Whoever reads it learns why.
    for signature, said in _SIGNATURES.items():
        if start.startswith(signature):
            raise TableError(f"{path}: {said}")


def _rows_of_pandas(frame: Any) -> Iterator[Mapping[str, Any]]:  # noqa: ANN401 - pandas is no dependency
    for start in range(0, len(frame), _PANDAS_ROWS):
        yield from frame.iloc[start : start + _PANDAS_ROWS].to_dict("records")
