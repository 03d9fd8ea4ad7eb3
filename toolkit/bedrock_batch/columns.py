"""Results as the rows of a table."""

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any

from bedrock_batch.results import Result

#: From the name of each column to where it is in a `Result`.
COLUMNS: Mapping[str, Callable[[Result], Any]] = {
    "record_id": attrgetter("record_id"),
    "status": attrgetter("status"),
    "text": attrgetter("text"),
    "embeddings": attrgetter("embeddings"),
    "stop_reason": attrgetter("stop_reason"),
    "input_tokens": attrgetter("input_tokens"),
    "output_tokens": attrgetter("output_tokens"),
    "latency_ms": attrgetter("latency_ms"),
    "error_code": lambda result: result.error and result.error.code,
    "error_message": lambda result: result.error and result.error.message,
    "retryable": lambda result: result.error and result.error.retryable,
    "expired": lambda result: result.error and result.error.expired,
    "input_file": attrgetter("input_file"),
    "input_line": attrgetter("input_line"),
}


def row_of(result: Result) -> dict[str, Any]:
    """Give a result as one row, from column to value; what is not known is None."""
    return {name: value_of(result) for name, value_of in COLUMNS.items()}
