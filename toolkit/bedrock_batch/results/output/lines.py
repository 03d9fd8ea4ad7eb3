"""The lines of an output file: a record each, and either an output or an error."""

from collections.abc import Sequence
from typing import Any

from msgspec import MsgspecError, Struct
from msgspec.json import Decoder

from bedrock_batch.records.lines import member, parse_object
from bedrock_batch.records.surrogates import without_surrogates
from bedrock_batch.results.batch import Batch
from bedrock_batch.results.output.response import answers_of
from bedrock_batch.results.result import ResultError


class _Skipped(Struct, gc=False):
    """An object, of which nothing is read."""


class _Error(Struct, rename="camel", gc=False):
    error_code: int
    error_message: str
    retryable: bool | None = None
    expired: bool | None = None


class _Line(Struct, rename="camel", gc=False):
    record_id: str
    model_input: _Skipped
    model_output: dict[str, Any] | None = None
    error: _Error | None = None


_LINE = Decoder(_Line)


def read_lines(lines: Sequence[bytes], *, kept: bool = True) -> Batch:
    """Read lines of an output file.

    Parameters
    ----------
    lines : sequence of bytes
        The lines.
    kept : bool
        Whether the results keep them. Default: they do.

    Raises
    ------
    LineError
        If one is not as the service writes it.
    """
    read = list(map(_read, lines))
    errors = [None if line.error is None else _error(line.error) for line in read]
    answers = answers_of([line.model_output if line.error is None else None for line in read])
    nowhere: list[None] = [None] * len(read)
    return Batch(
        record_id=[line.record_id for line in read],
        status=["failed" if error else "succeeded" for error in errors],
        line=list(lines) if kept else [b""] * len(read),
        **answers._asdict(),
        error=errors,
        input_file=list(nowhere),
        input_line=list(nowhere),
    )


def _read(line: bytes) -> _Line:
    """Read a line as the service writes it quickly; any other takes a second look."""
    try:
        content = _LINE.decode(line)
    except (MsgspecError, UnicodeDecodeError, RecursionError):
        return _read_again(line)
    return _read_again(line) if content.error is None and content.model_output is None else content


def _read_again(line: bytes) -> _Line:
    content = without_surrogates(parse_object(line))
    failed = content.get("error") is not None
    body = None if failed else member(content, "modelOutput", dict)
    record_id, _ = member(content, "recordId", str), member(content, "modelInput", dict)
    error = _read_error(member(content, "error", dict)) if failed else None
    return _Line(record_id, _Skipped(), body, error)


def _read_error(error: dict[str, object]) -> _Error:
    return _Error(
        member(error, "errorCode", int),
        member(error, "errorMessage", str),
        error.get("retryable") is True,
        error.get("expired") is True,
    )


def _error(error: _Error) -> ResultError:
    return ResultError(error.error_code, error.error_message, bool(error.retryable), bool(error.expired))
