"""The lines of a JSONL file: one JSON object each, in UTF-8, ended by a line feed."""

import json
from collections.abc import Iterator, Mapping
from itertools import count
from typing import BinaryIO, NoReturn, TypeVar

_CHUNK = 1024 * 1024
_KINDS = {dict: "an object", str: "a string", int: "a whole number"}

Kind = TypeVar("Kind")


class LineError(ValueError):
    """A line that is not one JSON object.

    Attributes
    ----------
    fact : str
        What is wrong with the line.
    """

    def __init__(self, fact: str, change: str) -> None:
        super().__init__(f"{fact}; {change}")
        self.fact = fact


def numbered_lines(file: BinaryIO, longest: int) -> Iterator[tuple[int, bytes | None]]:
    r"""Read a file line by line in bounded memory.

    Only ``\n`` ends a line: U+0085 and U+2028, where `str.splitlines` would split too, are plain characters in JSON.

    Parameters
    ----------
    file : BinaryIO
        The file, open for reading.
    longest : int
        The longest line to hand out, in bytes without its line feed.

    Yields
    ------
    tuple of int and (bytes or None)
        The number of the line, from 1, and the line; None if it is longer than `longest`.
    """
    for number in count(1):
        line = file.readline(longest + 1)
        if not line:
            return
        if len(line) > longest and not line.endswith(b"\n"):
            _skip_line(file)
            yield number, None
        else:
            yield number, line


def parse_object(line: bytes) -> dict[str, object]:
    """Read a line as one JSON object.

    Raises
    ------
    LineError
        If the line is not UTF-8, not JSON (RFC 8259, so neither is NaN), or JSON of another kind.
    """
    try:
        value = json.loads(line.rstrip(b"\r\n").decode("utf-8"), parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        fact = f"is not UTF-8: byte {error.start + 1} of the line is {line[error.start]:#04x}"
        raise LineError(fact, "save the file as UTF-8") from None
    except json.JSONDecodeError as error:
        raise LineError(_explain(error), "write one whole JSON object on each line") from None
    except RecursionError:
        raise LineError("nests its values too deeply to be read", "flatten the record") from None
    except LineError:
        raise
    except ValueError:
        # Python reads no integer beyond `sys.get_int_max_str_digits`.
        raise LineError("has a number of thousands of digits", "write such a value as a string") from None
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


def described(value: object) -> str:
    """Name a JSON value for a message: its kind, and a short look at it."""
    match value:
        case dict():
            return "an object"
        case list():
            return "a list"
        case str():
            return f"the string {shortened(value)}"
        case bool() | None:
            return json.dumps(value)
        case _:
            return f"the number {value}"


def shortened(text: str, longest: int = 40) -> str:
    """Quote a text for a message: its beginning, with nothing in it that a terminal would obey."""
    visible = "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text[:longest])
    return f'"{visible}…"' if len(text) > longest else f'"{visible}"'


def _skip_line(file: BinaryIO) -> None:
    while (chunk := file.readline(_CHUNK)) and not chunk.endswith(b"\n"):
        pass


def _explain(error: json.JSONDecodeError) -> str:
    reason = error.msg[0].lower() + error.msg[1:].removesuffix(" at").removesuffix(" starting at")
    return f"is not JSON: {reason} at column {error.colno}"


def _refuse_constant(name: str) -> NoReturn:
    raise LineError(f"is not JSON: {name} is no JSON number", "write a number, null or a string")
