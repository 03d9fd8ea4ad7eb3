"""Results to a file: JSON Lines, CSV or Parquet."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from bedrock_batch.errors import BedrockBatchError
from bedrock_batch.files.whole_file import whole_file
from bedrock_batch.results.table.text import Csv, JsonLines
from bedrock_batch.results.table.writer import Writer
from bedrock_batch.values import shortened

FORMATS = ("jsonl", "csv", "parquet")


@contextmanager
def open_writer(path: Path, format: str | None = None) -> Iterator[Writer]:
    """Write a table, whole or not at all.

    Parameters
    ----------
    path : pathlib.Path
        The file; one that is there is replaced when the new one is whole.
    format : {"jsonl", "csv", "parquet"} or None
        Default: as the name of the file ends.

    Yields
    ------
    Writer
        To give the results to.

    Raises
    ------
    BedrockBatchError
        If the format is none of these, or is Parquet and pyarrow is not installed.
    OSError
        If the file cannot be written.
    """
    chosen = format or path.suffix.removeprefix(".").lower()
    if chosen not in FORMATS:
        raise BedrockBatchError(
            f"the format of {path} must be jsonl, csv or parquet, got {shortened(chosen)}; "
            "end the name in .jsonl, .csv or .parquet, or name the format"
        )
    with whole_file(path) as partial, _open(partial, chosen) as writer:
        yield writer


def _open(path: Path, format: str) -> AbstractContextManager[Writer]:
    if format == "parquet":
        from bedrock_batch.results.table.parquet import open_parquet  # noqa: PLC0415 - pyarrow is large, and optional

        return open_parquet(path)
    return _open_text(path, format)


@contextmanager
def _open_text(path: Path, format: str) -> Iterator[Writer]:
    with path.open("w", encoding="utf-8", newline="") as file:
        yield JsonLines(file) if format == "jsonl" else Csv(file)
