"""A record: one line of the input, and the line that answers it."""

import json
import math
import secrets
from collections.abc import Mapping
from typing import Any, NoReturn

import msgspec
from msgspec import Struct

# The member of a body that names a place in S3.
LOCATION = "s3Location"
_LOCATION = LOCATION.encode()
_ID_BYTES = 6
# Of a number that may be as long as its line.
_SHOWN = 40
_ENCODER = msgspec.json.Encoder()


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _finite(text: str) -> float:
    """Read a number. What the service does with 1e999 is unknown; as Infinity it could not be written again."""
    number = float(text)
    if math.isinf(number):
        raise MalformedRecordError(f"{text[:_SHOWN]} is beyond the largest number of 64 bits")
    return number


# Python reads NaN and Infinity; no other reader of JSON has to.
_DECODER = json.JSONDecoder(parse_constant=_refuse_constant, parse_float=_finite)
# The same in a fifth of the time, but for lone surrogates: what it does not take, Python's reads, or says why not.
_QUICK = msgspec.json.Decoder(float_hook=_finite)


class MalformedRecordError(Exception):
    """A line is not a record. The message says why."""


class Record(Struct, frozen=True):
    """One line of a JSONL input.

    Parameters
    ----------
    record_id
        Its ``recordId``; made up when the line has none, as the service does in the output
        (https://docs.aws.amazon.com/bedrock/latest/userguide/batch-inference-data.html).
    model_input
        The body for the model.
    names_places
        Whether the body may name places in S3. Default: it may.
    """

    record_id: str
    model_input: Mapping[str, Any]
    names_places: bool = True

    @classmethod
    def parse(cls, line: bytes) -> "Record":
        """Read a line.

        Parameters
        ----------
        line
            The line, with or without its newline.

        Returns
        -------
        Record
            The record.

        Raises
        ------
        MalformedRecordError
            If it is not JSON in UTF-8, nested too deeply, not an object, or has no ``modelInput`` object.
        """
        try:
            value = _decoded(line.decode())
        except ValueError as error:
            raise MalformedRecordError(f"not JSON in UTF-8 ({error})") from None
        except RecursionError:
            raise MalformedRecordError("nested too deeply") from None
        if not isinstance(value, dict) or not isinstance(value.get("modelInput"), dict):
            raise MalformedRecordError("not an object with a modelInput object")
        record_id = value["recordId"] if "recordId" in value else secrets.token_hex(_ID_BYTES).upper()
        if not isinstance(record_id, str):
            raise MalformedRecordError("recordId is not a string")
        return cls(record_id, value["modelInput"], _LOCATION in line)


def _decoded(line: str) -> object:
    try:
        return _QUICK.decode(line)
    except (ValueError, RecursionError, MalformedRecordError):
        return _DECODER.decode(line)


class Outcome(Struct, frozen=True):
    """What came of a record.

    Parameters
    ----------
    record
        The record.
    member
        ``modelOutput`` or ``error``.
    value
        That member of the output line.
    input_tokens, output_tokens
        For the manifest; 0 for an error.
    """

    record: Record
    member: str
    value: Mapping[str, Any]
    input_tokens: int = 0
    output_tokens: int = 0

    @property
    def succeeded(self) -> bool:
        """Whether the model answered."""
        return self.member == "modelOutput"

    def line(self) -> bytes:
        """Render the output line.

        Returns
        -------
        bytes
            JSON, everything beyond ASCII as plain UTF-8, and a newline.
        """
        value = {"modelInput": self.record.model_input, self.member: self.value, "recordId": self.record.record_id}
        try:
            return _ENCODER.encode(value) + b"\n"
        except UnicodeEncodeError:
            # A lone surrogate is valid JSON but has no UTF-8: only such a line is written in ASCII.
            return json.dumps(value).encode() + b"\n"
