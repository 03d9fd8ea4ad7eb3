"""Tables in JSON Lines: one object a line, whose members are the columns."""

import codecs
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import MsgspecError, Raw
from msgspec.json import Decoder

from bedrock_batch.files.unreadable import unreadable
from bedrock_batch.tables.compressed import open_bytes
from bedrock_batch.tables.errors import TableError
from bedrock_batch.tables.plain import ValueBlock
from bedrock_batch.values import shortened

_PIECE = 128 * 1024
_NULL = Raw(b"null")

_decode = Decoder(dict[str, Raw]).decode
_decode_text = Decoder(str).decode


class JsonLinesTable:
    """A file of JSON objects. A number is the text that stands in the file, null is an empty cell, as is no member.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def name(self) -> str:
        """See `Table`."""
        return str(self._path)

    @property
    def folder(self) -> Path:
        """See `Table`."""
        return self._path.parent

    @property
    def has_header(self) -> bool:
        """See `Table`."""
        return False

    def blocks(self) -> Iterator[ValueBlock]:
        """See `Table`."""
        first = 1
        for line, rows in self._rows():
            names = _names(rows)
            cells = {name: [row.get(name, _NULL) for row in rows] for name in names}
            try:
                texts = {name: list(map(_text, column)) for name, column in cells.items()}
            except UnicodeDecodeError:
                raise self._odd_text(line, rows) from None
            yield ValueBlock(first, texts, dict(cells))
            first += len(rows)

    def columns(self) -> Mapping[str, None]:
        """See `Table`."""
        names: dict[str, None] = {}
        for _, rows in self._rows():
            names.update(dict.fromkeys(_names(rows)))
        return names

    def place(self, row: int) -> str:
        """See `Table`."""
        number = 0
        try:
            with open_bytes(self._path) as file:
                for line, text in enumerate(file, 1):
                    number += not text.isspace()
                    if number == row:
                        return f"{self._path}:{line}"
        except OSError:
            pass
        return str(self._path)

    def _rows(self) -> Iterator[tuple[int, list[dict[str, Raw]]]]:
        """Read rows, with the number of the line of the first."""
        line = 1
        try:
            with open_bytes(self._path) as file:
                while lines := file.readlines(_PIECE):
                    if line == 1:
                        lines[0] = lines[0].removeprefix(codecs.BOM_UTF8)
                    if rows := self._decoded(line, lines):
                        yield line, rows
                    line += len(lines)
        except OSError as error:
            raise TableError(f"{self._path}: {unreadable(error)}") from None

    def _decoded(self, first: int, lines: Sequence[bytes]) -> list[dict[str, Raw]]:
        try:
            return list(map(_decode, lines))
        except (MsgspecError, UnicodeDecodeError, RecursionError):
            pass
        rows = []
        for number, line in enumerate(lines, first):
            if not line.isspace():
                try:
                    rows.append(_decode(line))
                except (MsgspecError, UnicodeDecodeError, RecursionError) as error:
                    raise TableError(f"{self._path}:{number}: {_explained(line, error)}") from None
        return rows

    def _odd_text(self, line: int, rows: Sequence[Mapping[str, Raw]]) -> TableError:
        for number, row in enumerate(rows):
            for name, cell in row.items():
                try:
                    _text(cell)
                except UnicodeDecodeError:
                    return self._odd(line + number, name, "is not UTF-8; save the table as UTF-8")
        raise AssertionError

    def _odd(self, line: int, name: str, said: str) -> TableError:
        # Blank lines before it are not counted.
        return TableError(f"{self._path}: about line {line}: member {shortened(name)} {said}")


def _names(rows: Sequence[Mapping[str, Raw]]) -> Sequence[str]:
    names = rows[0].keys()
    if all(row.keys() == names for row in rows):
        return list(names)
    return list(dict.fromkeys(name for row in rows for name in row))


def _text(cell: Raw) -> str:
    text = bytes(cell)
    if text.startswith(b'"'):
        return _decode_text(text)
    return "" if text == b"null" else text.decode()


def _explained(line: bytes, error: Exception) -> str:
    if line.lstrip().startswith(b"["):
        return "is a JSON list; write one object on each line, as jq -c '.[]' does"
    if re.search(rb"\b(NaN|Infinity)\b", line) and _is_json(re.sub(rb"-?\b(NaN|Infinity)\b", b"null", line)):
        return "has NaN or Infinity, which JSON has not; write null for a cell without a value"
    if _is_json(line):
        return "has half of a surrogate pair, which no text in UTF-8 can hold; correct the text"
    return f"is no JSON object on one line: {_cause(error)}; write one whole object on each line"


def _is_json(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line, parse_constant=_no_constant), dict)
    except (ValueError, RecursionError):
        return False


def _no_constant(name: str) -> None:
    # Python reads NaN and Infinity, which JSON has not.
    raise ValueError(name)


def _cause(error: Any) -> str:  # noqa: ANN401 - of several libraries
    return "it nests its values too deeply" if isinstance(error, RecursionError) else str(error)
