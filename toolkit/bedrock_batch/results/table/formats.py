"""Results to a file: JSON Lines, CSV, Parquet, or lines of OpenAI's."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from io import TextIOWrapper
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO, TextIO

from bedrock_batch.errors import BedrockBatchError
from bedrock_batch.files.output import is_standard_output, open_output
from bedrock_batch.results.table.beside import Beside, beside
from bedrock_batch.results.table.columns import MORE_COLUMNS, columns_with
from bedrock_batch.results.table.openai import OpenAiLines
from bedrock_batch.results.table.text import Csv, JsonLines
from bedrock_batch.results.table.writer import Writer
from bedrock_batch.values import shortened

FORMATS = ("jsonl", "csv", "parquet")
OPENAI = "openai"
_NO_MODELS: Mapping[str, str] = MappingProxyType({})


@contextmanager
def open_writer(
    path: Path,
    format: str | None = None,
    *,
    more: Sequence[str] = (),
    spreadsheet_safe: bool = False,
    table: Mapping[str, Any] | None = None,
    models: Mapping[str, str] = _NO_MODELS,
) -> Iterator[Writer]:
    """Write a table, whole or not at all.

    Parameters
    ----------
    path : pathlib.Path
        The file; one that is there is replaced when the new one is whole. What is no file, such as a pipe, is written
        to; standard output is that of this process.
    format : {"jsonl", "csv", "parquet", "openai"} or None
        ``openai`` is that of OpenAI's Batch API, for which results have to have kept their lines. Default: as the name
        of the file ends; ``jsonl`` for standard output.
    more : sequence of {"job_id", "prompt", "model_input", "model_output"}
        Columns beside those that every table has: the job, the texts that were asked last, and the bodies as they stand
        in the output. Results have to have kept their lines for all but the first. Default: none.
    spreadsheet_safe : bool
        Whether a text in CSV that a spreadsheet would take for a formula gets an apostrophe before it. Default: text
        stays as the model has written it.
    models : mapping of str to str
        For ``openai``: from the id of each job to its model, which many responses do not name. Default: it is empty
        there.

    table : mapping
        The columns of a table that stand before the others, as `TableJoin` has them; what is written has to come from
        there then. An answer's column of the same name is called ``answer_`` and that. Default: none.

    Yields
    ------
    Writer
        To give the results to.

    Raises
    ------
    BedrockBatchError
        If the format or a column is none of these, or the format is Parquet and pyarrow is not installed, is not CSV
        and shall be safe, or is OpenAI's and shall have more columns.
    OSError
        If the file cannot be written.
    """
    printed = is_standard_output(path)
    chosen = format or path.suffix.removeprefix(".").lower() or ("jsonl" if printed else "")
    if format is None and chosen not in FORMATS:
        raise BedrockBatchError(
            f"the name of {path} must end in .jsonl, .csv or .parquet, which says the format; rename it, or name one "
            "of the formats jsonl, csv, parquet and openai"
        )
    if chosen not in (*FORMATS, OPENAI):
        raise BedrockBatchError(
            f"the format must be jsonl, csv, parquet or openai, got {shortened(chosen)}; correct it"
        )
    if unknown := [name for name in more if name not in MORE_COLUMNS]:
        known = ", ".join(MORE_COLUMNS)
        raise BedrockBatchError(f"'more' must name columns of {known}, got {shortened(unknown[0])}; name one of these")
    if chosen == "parquet" and printed and sys.stdout.isatty():
        raise BedrockBatchError("Parquet is no text for a terminal; write it to a file or a pipe, or choose csv")
    if spreadsheet_safe and chosen != "csv":
        raise BedrockBatchError(f"only CSV is made safe for spreadsheets, and the format is {chosen}; choose csv")
    if (more or table is not None) and chosen == OPENAI:
        what = f"no column {shortened(more[0])}" if more else "no columns of a table"
        raise BedrockBatchError(f"lines of OpenAI's form have {what}; choose jsonl")
    columns = beside(table or {}, columns_with(more), chosen)
    with open_output(path) as file:
        opened: AbstractContextManager[Writer] = (
            _open_text(file, lambda text: OpenAiLines(text, models))
            if chosen == OPENAI
            else _open(file, chosen, columns, spreadsheet_safe=spreadsheet_safe)
        )
        with opened as writer:
            yield writer


def _open(file: BinaryIO, format: str, columns: Beside, *, spreadsheet_safe: bool) -> AbstractContextManager[Writer]:
    if format == "parquet":
        from bedrock_batch.results.table.parquet import open_parquet  # noqa: PLC0415 - pyarrow is large, and optional

        return open_parquet(file, columns)
    if format == "csv":
        return _open_text(file, lambda text: Csv(text, columns.columns, spreadsheet_safe=spreadsheet_safe))
    return _open_text(file, lambda text: JsonLines(text, columns.columns))


@contextmanager
def _open_text(file: BinaryIO, writer_of: Callable[[TextIO], Writer]) -> Iterator[Writer]:
    text = TextIOWrapper(file, encoding="utf-8", newline="")
    try:
        yield writer_of(text)
    finally:
        # What is below stays open: it may be standard output.
        text.detach()
