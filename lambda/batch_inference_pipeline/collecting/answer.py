"""A line of an output: what became of a record.

Source: Bedrock user guide, "View the results of a batch inference job". Real lines add ``retryable`` and ``expired``.
"""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from batch_inference_pipeline.collecting.records import OddLineError, Record, read_object, record_of

_TOO_MANY_REQUESTS = 429
_INTERNAL_ERROR = 500
#: An HTTP status has three digits; what is no such number is a part of the message.
_LARGEST = 2**31 - 1
_LONGEST = 100


class Verdict(Enum):
    """What is to be done about a record."""

    SUCCEEDED = auto()
    FAILED = auto()
    AGAIN = auto()


@dataclass(frozen=True)
class Failure:
    """Why a record has no output, as `bedrock_batch.ResultError` has it."""

    code: int | None
    message: str
    retryable: bool = False
    expired: bool = False

    @property
    def verdict(self) -> Verdict:
        """Whether the same record may succeed when it is asked again: throttled, failed inside, or out of time."""
        code = self.code or 0
        passes = self.retryable or self.expired or code == _TOO_MANY_REQUESTS or code >= _INTERNAL_ERROR
        return Verdict.AGAIN if passes else Verdict.FAILED

    def as_json(self) -> dict[str, object]:
        """Return the ``error`` of a line."""
        return {
            "errorCode": self.code,
            "errorMessage": self.message,
            "expired": self.expired,
            "retryable": self.retryable,
        }


@dataclass(frozen=True)
class Answer:
    """What became of a record; without a failure it has its output."""

    record: Record
    failure: Failure | None = None

    @property
    def verdict(self) -> Verdict:
        """What is to be done about the record."""
        return self.failure.verdict if self.failure else Verdict.SUCCEEDED


def read_answer(line: bytes) -> Answer:
    """Read a line of an output.

    Raises
    ------
    OddLineError
        It tells nothing of a record.
    """
    content = read_object(line)
    if content.get("error") is not None:
        return Answer(record_of(content), _failure(content["error"]))
    if content.get("modelOutput") is None:
        raise OddLineError("has neither a 'modelOutput' nor an 'error'")
    return Answer(record_of(content))


def _failure(found: Any) -> Failure:  # noqa: ANN401 (decoded JSON)
    if not isinstance(found, dict):
        return Failure(None, str(found))
    code, number = found.get("errorCode"), _number(found.get("errorCode"))
    said = [str(each) for each in (None if number is not None else code, found.get("errorMessage")) if each is not None]
    return Failure(number, ": ".join(said), found.get("retryable") is True, found.get("expired") is True)


def _number(code: object) -> int | None:
    if isinstance(code, str) and code.strip().isascii() and code.strip().isdigit() and len(code) < _LONGEST:
        code = int(code)
    return code if type(code) is int and abs(code) <= _LARGEST else None
