"""Results as the rows of a table."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import attrgetter
from typing import Any

from bedrock_batch.results.batch import Batch, batch_of
from bedrock_batch.results.result import Result, ResultError

_Column = Callable[[Batch], list[Any]]


def _of_error(value_of: Callable[[ResultError], object]) -> _Column:
    return lambda batch: [error and value_of(error) for error in batch.error]


#: From the name of each column to its values in a `Batch`; what is not known is None.
COLUMNS: Mapping[str, _Column] = {
    "record_id": attrgetter("record_id"),
    "status": attrgetter("status"),
    "text": attrgetter("text"),
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


def columns_of(results: Iterable[Result]) -> dict[str, list[Any]]:
    """Give results as a table, from the name of each column to its values."""
    batch = batch_of(results)
    return {name: values_of(batch) for name, values_of in COLUMNS.items()}


def rows_of(results: Iterable[Result]) -> Iterator[tuple[Any, ...]]:
    """Give results as the rows of a table, with a value for each column."""
    return zip(*columns_of(results).values(), strict=True)
