"""A line of the input, held against what a record is."""

import json
from typing import NoReturn

_SHOWN = 40


class RecordError(Exception):
    """A line is no record; the text says why, and what to change."""


def _refuse_constant(name: str) -> NoReturn:
    raise RecordError(f"is not JSON: {name} is no JSON number; write a number, null or a string")


# The numbers are not looked at, and as a fraction none has too many digits for Python.
_decode = json.JSONDecoder(parse_int=float, parse_constant=_refuse_constant).raw_decode


def record_id(line: bytes) -> str | None:
    """Check a line, and return the id of its record; None if it has none.

    Parameters
    ----------
    line
        The line, without blanks around it.

    Raises
    ------
    RecordError
        It is no record.
    """
    try:
        text = line.decode()
        record, end = _decode(text)
    except (ValueError, RecursionError) as error:
        raise _unreadable(error) from None
    if end < len(text):
        raise _unreadable(json.JSONDecodeError("Extra data", text, end))
    found = record.get("recordId") if type(record) is dict else None
    if type(found) is str and type(record.get("modelInput")) is dict:
        return found
    return _id_in(record)


def without_blanks(line: bytes) -> bytes:
    """Return a line without the blanks around it: those of JSON, as Python has more, which a reader of JSON refuses."""
    return line.strip(b" \t\r\n")


def with_id(line: bytes, given: str) -> bytes:
    """Give an id to a record that has none; the rest of its line stays as it is."""
    return b'{"recordId":"%s",%s' % (given.encode(), line[1:].lstrip())


def _unreadable(error: Exception) -> RecordError:
    match error:
        case UnicodeDecodeError(start=start):
            cause = f"is not UTF-8: byte {start + 1} of the line is {error.object[start]:#04x}"
            return RecordError(f"{cause}; save the object as plain text in UTF-8, not compressed")
        case json.JSONDecodeError(doc=text) if text.startswith("\ufeff"):
            return RecordError("starts with a byte order mark (BOM); save the object as UTF-8 without one")
        case json.JSONDecodeError(msg=said, colno=column):
            reason = said[0].lower() + said[1:].removesuffix(" at").removesuffix(" starting at")
            return RecordError(f"is not JSON: {reason} at column {column}; write one whole JSON object on each line")
        case _:
            return RecordError("nests its values too deeply to be read; flatten the record")


def _id_in(record: object) -> str | None:
    if not isinstance(record, dict):
        raise RecordError(f"must be a JSON object, got {described(record)}; write one JSON object on each line")
    if not isinstance(found := record.get("recordId", ""), str):
        cause = f"'recordId' must be a string, got {described(found)}"
        raise RecordError(f"{cause}; write it in quotes or leave it out")
    if "modelInput" not in record:
        keys = ", ".join(described(name) for name in list(record)[:5]) or "none"
        raise RecordError(f"'modelInput' is missing (the keys are: {keys}); put the request body for the model there")
    if not isinstance(body := record["modelInput"], dict):
        cause = f"'modelInput' must be an object, got {described(body)}"
        raise RecordError(f"{cause}; write the request body as JSON")
    return record.get("recordId")


def described(value: object) -> str:
    """Name a JSON value for a message: its kind, and a short look at it."""
    match value:
        case dict():
            return "an object"
        case list():
            return "a list"
        case str():
            return f'"{ascii(value[:_SHOWN])[1:-1]}{"…" if len(value) > _SHOWN else ""}"'
        case bool() | None:
            return json.dumps(value)
        case _:
            return f"the number {value:g}"
