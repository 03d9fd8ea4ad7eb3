"""The lines of a JSONL file: one JSON object each, in UTF-8, ended by a line feed."""

import codecs
import json
import sys
from collections.abc import Mapping
from typing import NoReturn, TypeVar

from bedrock_batch.values import described

_KINDS = {dict: "an object", str: "a string", int: "a whole number"}

Kind = TypeVar("Kind")


class LineError(ValueError):
    """A line that is not one JSON object.

    Attributes
    ----------
    fact : str
        What is wrong with the line, and at which column, if that is known.
    cause : str
        The same without the column.
    column : int or None
        Where it is wrong, in characters from 1.
    change : str
        What to change.
    """

    def __init__(self, cause: str, change: str, column: int | None = None) -> None:
        fact = cause if column is None else f"{cause} at column {column}"
        super().__init__(f"{fact}; {change}")
        self.fact, self.cause, self.column, self.change = fact, cause, column, change


def parse_object(line: bytes) -> dict[str, object]:
    """Read a line as one JSON object.

    Raises
    ------
    LineError
        If the line is not UTF-8, not JSON (RFC 8259, so neither is NaN), or JSON of another kind.
    """
    if line.startswith(codecs.BOM_UTF8):
        raise LineError("starts with a byte order mark (BOM)", "save the file as UTF-8 without one", 1)
    try:
        value = _read(line.rstrip(b"\r\n").decode("utf-8"))
    except UnicodeDecodeError as error:
        column = len(line[: error.start].decode("utf-8")) + 1
        cause = f"is not UTF-8: byte {error.start + 1} of the line is {line[error.start]:#04x}"
        raise LineError(cause, "save the file as UTF-8", column) from None
    except json.JSONDecodeError as error:
        raise LineError(_explain(error), "write one whole JSON object on each line", error.colno) from None
    except RecursionError:
        raise LineError("nests its values too deeply to be read", "flatten the record") from None
    if not isinstance(value, dict):
        raise LineError(f"must be a JSON object, got {described(value)}", "write one JSON object on each line")
    return value


def member(content: Mapping[str, object], name: str, kind: type[Kind]) -> Kind:
    """Take a member of a JSON object that has to be there.

    Raises
    ------
    LineError
        If it is missing or of another kind.
    """
    value = content.get(name)
    if type(value) is not kind:
        found = described(value) if name in content else "nothing"
        raise LineError(f"'{name}' must be {_KINDS[kind]}, got {found}", f"write {_KINDS[kind]}")
    return value


def _read(text: str) -> object:
    return json.loads(text, parse_constant=_refuse_constant, parse_int=_whole_number)


def _whole_number(digits: str) -> int | float:
    # JSON has no longest number, Python has; as a fraction it is at least a number.
    longest = sys.get_int_max_str_digits()
    return int(digits) if longest == 0 or len(digits) <= longest else float(digits)


def _explain(error: json.JSONDecodeError) -> str:
    reason = error.msg[0].lower() + error.msg[1:].removesuffix(" at").removesuffix(" starting at")
    return f"is not JSON: {reason}"


def _refuse_constant(name: str) -> NoReturn:
    raise LineError(f"is not JSON: {name} is no JSON number", "write a number, null or a string")
