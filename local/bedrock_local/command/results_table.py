"""The first results of a job, one a line."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from bedrock_batch import read_results
from bedrock_batch.values import counted, visible

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bedrock_batch import Result

_SHOWN = 8
_LINE = 300  # Characters: more than any terminal shows; the table cuts at its own width.
# Where the families of models keep what is asked.
_QUESTION_NAMES = ("messages", "content", "text", "prompt", "inputText")


def results_table(folder: Path) -> Table:
    """Tabulate the first results in a folder.

    Parameters
    ----------
    folder
        A copy of a job's output.

    Raises
    ------
    bedrock_batch.ResultsError
        If the folder has no results.
    """
    table = Table(title="First results", title_justify="left", expand=True)
    table.add_column("record", no_wrap=True)
    table.add_column("question", no_wrap=True, ratio=1)
    table.add_column("answer", no_wrap=True, ratio=1)
    for result in islice(read_results(folder), _SHOWN):
        table.add_row(_one_line(result.record_id or ""), _one_line(_question(result)), _answer(result))
    return table


def _answer(result: Result) -> Text:
    if result.error:
        return _one_line(f"error {result.error}", style="red")
    if vectors := result.embeddings:
        return _one_line(f"{counted(len(vectors), 'vector')} of {counted(len(vectors[0]), 'number')}")
    return _one_line("(no text)" if result.text is None else result.text)


def _question(result: Result) -> str:
    return next(_questions(result.model_input), "")


def _questions(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for element in value:
                yield from _questions(element)
        case dict():
            for name in _QUESTION_NAMES:
                yield from _questions(value.get(name))


def _one_line(text: str, style: str = "") -> Text:
    return Text(visible(" ".join(text.split())[:_LINE]), style=style, overflow="ellipsis")
