"""Rows of a table, made the records of a job."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from bedrock_batch.bodies.request import Settings
from bedrock_batch.files.output import open_output
from bedrock_batch.prompts.arguments import (
    TEMPLATE,
    require_apart,
    require_choices,
    require_numbers,
    require_several,
    require_texts,
)
from bedrock_batch.prompts.preparation import Preparation
from bedrock_batch.prompts.prompt import Prompt
from bedrock_batch.prompts.rows import Empty, RowChoice
from bedrock_batch.prompts.template import read_template
from bedrock_batch.tables.opening import open_table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bedrock_batch.prompts.report import PreparedRecords
    from bedrock_batch.tables.opening import Source

PathLike = str | os.PathLike[str]


def prepare(
    table: Source,
    output: PathLike,
    *,
    template: PathLike,
    model: str,
    invocation_type: str | None = None,
    system: PathLike | None = None,
    max_tokens: int | None = None,
    temperature: float | None = None,
    top_p: float | None = None,
    stop: Sequence[str] = (),
    id_column: str | None = None,
    image_columns: Sequence[str] = (),
    empty: Empty = "refuse",
    first: int | None = None,
    format: str | None = None,
    delimiter: str | None = None,
    progress: Callable[[int], object] = lambda _size: None,
) -> PreparedRecords:
    """Ask a model about each row of a table: write a record for each, as the body that the model's family takes.

    Each record is held to the rules of `check`. The table is read once, in bounded memory, and the input is whole or
    not there.

    Parameters
    ----------
    table : str, path, data frame or iterable of mapping
        A file in CSV, JSON Lines or Parquet, or a folder of Parquet files; a frame of pandas or Polars, or what
        else has ``__arrow_c_stream__``; or
        rows that are mappings from columns to cells.
    output : str or path
        The input to write. One that is there is replaced.
    template : str or path
        What the user says in each record, as a text, or as a path (`pathlib.Path`) the file that has it. ``{column}``
        is the cell of that column; ``{{`` and ``}}`` are braces.
    model : str
        The id or ARN of the model or inference profile.
    invocation_type : {"InvokeModel", "Converse"}
        As in the API field ``modelInvocationType``. Default: the service's, ``InvokeModel``.
    system : str or path
        What the system says, a template too. Default: nothing.
    max_tokens : int
        The longest answer, in tokens. Default: the model's own; 4,096 for Claude and 2,048 for Llama.
    temperature, top_p : float
        How much chance there is, in the model's range. Default: the model's own.
    stop : sequence of str
        Texts that end an answer. Default: none.
    id_column : str
        The column with the `recordId` of each row. Default: a digest of the row, which stays the same when rows are
        added before it; equal rows are numbered.
    image_columns : sequence of str
        Columns of images, which stand before the text: paths from the folder of the table, S3 URIs in the folder of
        the input, or bytes. PNG, JPEG, GIF or WebP. Default: none.
    empty : {"refuse", "skip", "keep"}
        What becomes of a row with an empty cell (null, or nothing but space) that is asked about: an error, no record,
        or a record with an empty text or without the image. Default: ``refuse``.
    first : int
        How many rows are taken. Default: all.
    format : {"csv", "jsonl", "parquet"}
        Of the table. Default: as the name of the file ends.
    delimiter : str
        What is between the cells of CSV. Default: a comma; a tab in ``.tsv`` and ``.tab``.
    progress : callable
        Told how many records are done, each time that some are. Default: nobody is told.

    Raises
    ------
    BedrockBatchError
        If the template, a column, a row or the model cannot be used; with the row and the column.
    OSError
        If the input cannot be written.

    Examples
    --------
    >>> rows = [{"text": "good"}, {"text": "bad"}]
    >>> print(prepare(rows, os.devnull, template="Is this {text}?", model="amazon.nova-lite-v1:0", first=1).records)
    1
    """
    require_texts(model=model)
    require_several(stop=stop, image_columns=image_columns)
    require_numbers(temperature=temperature, top_p=top_p)
    asked = Prompt(
        read_template(template, TEMPLATE),
        None if system is None else read_template(system, "the system text"),
        tuple(image_columns),
        Settings(max_tokens, temperature, top_p, tuple(stop)),
    )
    require_choices(asked, empty, first)
    opened, place = open_table(table, format, delimiter), Path(output)
    require_apart(place, *(each for each in (table, template, system) if isinstance(each, str | os.PathLike)))
    work = Preparation(opened, asked, model, invocation_type)
    choice = RowChoice(opened, asked, empty, first)
    with open_output(place) as file:
        work.write(file, choice, id_column, progress)
    return work.report(place, choice.skipped)
