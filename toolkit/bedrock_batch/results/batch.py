"""Results by the column: many at a time cost little more than one."""

from __future__ import annotations

from itertools import chain
from pickle import PickleBuffer
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.msgpack import Decoder, Encoder
from msgspec.structs import astuple

from bedrock_batch.results.result import Result

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bedrock_batch.results.odd_lines import OddLine
    from bedrock_batch.results.result import ResultError, Status

_ENCODER: Encoder = Encoder()
_DECODER: Decoder[list[list[Any]]] = Decoder(list[list[Any]])
_COLUMNS = len(Result.__struct_fields__)
# The columns of long texts, which are most of a batch.
_TEXTS = slice(2, 7)
# The first protocol of pickle in which a process sends those without copying them.
_WITH_BUFFERS = 5


class Batch(Struct, gc=False):
    """Results, as one list for each attribute of `Result`, in the order and by the name that it has there.

    Iterating makes each `Result` when its turn comes. Beside them are the lines that are not as the service writes them
    (`odd`), of which some have a result.
    """

    record_id: list[str | None]
    status: list[Status]
    line: list[bytes]
    text: list[str | None]
    reasoning: list[str | None]
    tool_calls: list[str | None]
    structured_output: list[str | None]
    embeddings: list[list[list[float]] | None]
    stop_reason: list[str | None]
    input_tokens: list[int | None]
    output_tokens: list[int | None]
    latency_ms: list[int | None]
    error: list[ResultError | None]
    input_file: list[str | None]
    input_line: list[int | None]
    job_id: list[str | None]
    odd: list[OddLine] = []

    def __len__(self) -> int:
        return len(self.record_id)

    def __iter__(self) -> Iterator[Result]:
        return map(Result, *astuple(self)[:_COLUMNS])

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:  # noqa: ANN401 - as `object` has it
        # Pickle takes four times as long for texts, as it looks whether each has come before.
        columns = astuple(self)
        texts = _ENCODER.encode(columns[_TEXTS])
        others = columns[: _TEXTS.start], columns[_TEXTS.stop :]
        return _unpacked, (PickleBuffer(texts) if protocol >= _WITH_BUFFERS else texts, *others)


def batch_of(results: Iterable[Result]) -> Batch:
    """Turn results into columns, unless they are."""
    if isinstance(results, Batch):
        return results
    columns = list(map(list, zip(*map(astuple, results), strict=True)))
    # Of no rows, there are no columns either.
    return Batch(*(columns or ([] for _ in Result.__struct_fields__)))


def some_of(batch: Batch, rows: Sequence[int]) -> Batch:
    """Take some rows of a batch, without its odd lines."""
    return Batch(*([column[row] for row in rows] for column in astuple(batch)[:_COLUMNS]))


def one_batch(parts: Iterable[Batch]) -> Batch:
    """Put batches one behind the other."""
    columns = [list(chain.from_iterable(column)) for column in zip(*map(astuple, parts), strict=True)]
    return Batch(*columns) if columns else batch_of(())


def _unpacked(texts: bytes, before: tuple[Any, ...], after: tuple[Any, ...]) -> Batch:
    return Batch(*before, *_DECODER.decode(texts), *after)
