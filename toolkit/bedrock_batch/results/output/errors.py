"""Why a record failed, as its line has it."""

from msgspec import Struct
from msgspec.json import encode

from bedrock_batch.results.result import ResultError

# What a column of Parquet holds; an HTTP status has three digits.
_LARGEST = 2**31 - 1
# Python turns no longer text into a number without being asked.
_LONGEST = 100


class Error(Struct, rename="camel", gc=False):
    """The `error` of a line, as the service writes it."""

    error_code: int | None
    error_message: str
    retryable: bool | None = None
    expired: bool | None = None


def error_of(error: Error) -> ResultError:
    """Give an error of a line as that of its result."""
    code, message = error.error_code, error.error_message
    if code is not None and abs(code) > _LARGEST:
        code, message = None, f"{code}: {message}"
    return ResultError(code, message, bool(error.retryable), bool(error.expired))


def read_error(found: object) -> Error:
    """Read an error of any shape; what is no number as a code becomes a part of the message."""
    if not isinstance(found, dict):
        return Error(None, _text(found))
    code, message = found.get("errorCode"), found.get("errorMessage")
    number = _number(code)
    said = [_text(each) for each in (None if number is not None else code, message) if each is not None]
    return Error(number, ": ".join(said), found.get("retryable") is True, found.get("expired") is True)


def _number(code: object) -> int | None:
    if type(code) is str and code.strip().isascii() and code.strip().isdigit():
        return int(code) if len(code) < _LONGEST else None
    return code if type(code) is int else None


def _text(value: object) -> str:
    return value if isinstance(value, str) else encode(value).decode()
