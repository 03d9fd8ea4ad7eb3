"""The lines of an output file: a record, and either an output or an error."""

from typing import Any

from msgspec import MsgspecError, Struct
from msgspec.json import Decoder

from bedrock_batch.lines import member, parse_object
from bedrock_batch.response import answer_of
from bedrock_batch.results import Result, ResultError
from bedrock_batch.surrogates import without_surrogates


def read_line(line: bytes) -> Result:
    """Read a line of an output file.

    Raises
    ------
    LineError
        If it is not as the service writes it.
    """
    return _quick_result(line) or _result(line)


class _Error(Struct, rename="camel"):
    error_code: int
    error_message: str
    retryable: bool | None = None
    expired: bool | None = None


class _Skipped(Struct):
    """An object, of which nothing is read."""


class _Line(Struct, rename="camel"):
    record_id: str
    model_input: _Skipped
    model_output: dict[str, Any] | None = None
    error: _Error | None = None


_LINE = Decoder(_Line)


def _quick_result(line: bytes) -> Result | None:
    """Read a line as the service writes it; None for any other, which takes a second look."""
    try:
        content = _LINE.decode(line)
    except (MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    if content.error is not None:
        error = content.error
        flags = bool(error.retryable), bool(error.expired)
        return _failure(content.record_id, line, ResultError(error.error_code, error.error_message, *flags))
    return None if content.model_output is None else _success(content.record_id, line, content.model_output)


def _result(line: bytes) -> Result:
    content = without_surrogates(parse_object(line))
    failed = content.get("error") is not None
    body = {} if failed else member(content, "modelOutput", dict)
    record_id, _ = member(content, "recordId", str), member(content, "modelInput", dict)
    if failed:
        return _failure(record_id, line, _error(member(content, "error", dict)))
    return _success(record_id, line, body)


def _error(error: dict[str, object]) -> ResultError:
    return ResultError(
        member(error, "errorCode", int),
        member(error, "errorMessage", str),
        error.get("retryable") is True,
        error.get("expired") is True,
    )


def _success(record_id: str, line: bytes, body: dict[str, Any]) -> Result:
    return Result(record_id, "succeeded", line, *answer_of(body))


def _failure(record_id: str, line: bytes, error: ResultError) -> Result:
    return Result(record_id, "failed", line, error=error)
