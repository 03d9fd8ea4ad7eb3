"""Results by the column: many at a time cost little more than one."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import astuple

from bedrock_batch.results.result import Result

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bedrock_batch.results.result import ResultError, Status


class Batch(Struct, gc=False):
    """Results, as one list for each attribute of `Result`, in the order and by the name that it has there.

    Iterating makes each `Result` when its turn comes.
    """

    record_id: list[str | None]
    status: list[Status]
    line: list[bytes]
    text: list[str | None]
    embeddings: list[list[list[float]] | None]
    stop_reason: list[str | None]
    input_tokens: list[int | None]
    output_tokens: list[int | None]
    latency_ms: list[int | None]
    error: list[ResultError | None]
    input_file: list[str | None]
    input_line: list[int | None]

    def __len__(self) -> int:
        return len(self.record_id)

    def __iter__(self) -> Iterator[Result]:
        return map(Result, *astuple(self))


def batch_of(results: Iterable[Result]) -> Batch:
    """Turn results into columns, unless they are."""
    if isinstance(results, Batch):
        return results
    columns = zip(*map(astuple, results), strict=True)
    return _batch(map(list, columns))


def one_batch(parts: Iterable[Batch]) -> Batch:
    """Put batches one behind the other."""
    columns = zip(*map(astuple, parts), strict=True)
    return _batch(list(chain.from_iterable(column)) for column in columns)


def _batch(columns: Iterable[list[Any]]) -> Batch:
    # Of no rows, there are no columns either.
    return Batch(*(list(columns) or ([] for _ in Batch.__struct_fields__)))
