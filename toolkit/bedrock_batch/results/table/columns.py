"""Results as the rows of a table."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any

from bedrock_batch.results.batch import Batch, batch_of
from bedrock_batch.results.result import Result, ResultError
from bedrock_batch.results.table.bodies import bodies_of, prompts_of

Column = Callable[[Batch], list[Any]]


def _of_error(value_of: Callable[[ResultError], object]) -> Column:
    return lambda batch: [error and value_of(error) for error in batch.error] if any(batch.error) else batch.error


def _of_body(name: str) -> Column:
    return lambda batch: bodies_of(batch.line, name)


#: From the name of each column to its values in a `Batch`; what is not known is None.
COLUMNS: Mapping[str, Column] = {
    "record_id": attrgetter("record_id"),
    "status": attrgetter("status"),
    "text": attrgetter("text"),
    "reasoning": attrgetter("reasoning"),
    "tool_calls": attrgetter("tool_calls"),
    "structured_output": attrgetter("structured_output"),
    "embeddings": attrgetter("embeddings"),
    "stop_reason": attrgetter("stop_reason"),
    "input_tokens": attrgetter("input_tokens"),
    "output_tokens": attrgetter("output_tokens"),
    "latency_ms": attrgetter("latency_ms"),
    "error_code": _of_error(attrgetter("code")),
    "error_message": _of_error(attrgetter("message")),
    "retryable": _of_error(attrgetter("retryable")),
    "expired": _of_error(attrgetter("expired")),
    "input_file": attrgetter("input_file"),
    "input_line": attrgetter("input_line"),
}
#: Those that a table has if they are asked for; all but the first from the lines, which results have to have kept.
MORE_COLUMNS: Mapping[str, Column] = {
    "job_id": attrgetter("job_id"),
    "prompt": lambda batch: prompts_of(batch.line),
    "model_input": _of_body("modelInput"),
    "model_output": _of_body("modelOutput"),
}


def columns_with(more: Sequence[str] = ()) -> Mapping[str, Column]:
    """Give the columns of a table, and those of `MORE_COLUMNS` that are named, in their order there."""
    return {**COLUMNS, **{name: column for name, column in MORE_COLUMNS.items() if name in more}}


def rows_of(results: Iterable[Result], columns: Mapping[str, Column] = COLUMNS) -> Iterator[tuple[Any, ...]]:
    """Give results as the rows of a table, with a value for each column."""
    batch = batch_of(results)
    return zip(*(values_of(batch) for values_of in columns.values()), strict=True)
