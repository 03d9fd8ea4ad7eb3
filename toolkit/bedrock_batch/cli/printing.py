"""What commands print, all of it: lines, JSON, tables, times.

What is printed comes from files, from services and from other people. No part of it is obeyed by a terminal: what has
no shape there is shown as Python escapes it.
"""

import json
import re
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from bedrock_batch.cli.style import Painted
from bedrock_batch.values import visible

# Between members of JSON there are none but line breaks; in a string, each can be escaped.
_UNPRINTED = re.compile(r"[^\n -~\u00a1-\u00ac\u00ae-\u02ff]")


def write(*pieces: str) -> None:
    """Print a line, of one piece or several; those that are `Painted` keep their codes."""
    sys.stdout.write(f"{_line(pieces)}\n")


def note(*pieces: str) -> None:
    """Print a line to people, beside what may go into a pipe."""
    sys.stderr.write(f"{_line(pieces)}\n")


def ask(question: str) -> bool:
    """Ask a person who may say yes; anything else is a no."""
    sys.stderr.write(f"{visible(question)} [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def write_json(value: Any) -> None:  # noqa: ANN401 - whatever JSON can hold, and times
    """Print a value as JSON, indented."""
    sys.stdout.write(f"{_as_json(value, indent=2)}\n")


def write_json_line(value: Any) -> None:  # noqa: ANN401 - whatever JSON can hold, and times
    """Print a value as one line of JSON, at once."""
    sys.stdout.write(f"{_as_json(value, indent=None)}\n")
    sys.stdout.flush()


def write_table(rows: Iterable[Sequence[str]]) -> None:
    """Print rows with their columns aligned; the last column is as wide as it is."""
    table = [[_line([cell]) for cell in row] for row in rows]
    widths = [max(map(width, column)) for column in zip(*table, strict=True)]
    for row in table:
        cells = [f"{cell}{' ' * (most - width(cell))}" for cell, most in zip(row[:-1], widths, strict=False)]
        write(Painted("  ".join([*cells, row[-1]]).rstrip()))


def width(text: str) -> int:
    """Tell how many columns of a terminal a text takes, without the codes of a painted one."""
    plain = re.sub(r"\x1b\[\d+m", "", text)
    if plain.isascii():
        return len(plain)
    from rich.cells import cell_len  # noqa: PLC0415 - what is ASCII needs no tables

    return cell_len(plain)


def fitted(text: str, columns: int) -> str:
    """Make a text visible and cut it to so many columns of a terminal."""
    shown = visible(text)
    if width(shown) <= columns:
        return shown
    from rich.cells import set_cell_size  # noqa: PLC0415 - what fits needs no tables

    return f"{set_cell_size(shown, columns - 1).rstrip()}…"


def clock(time: datetime) -> str:
    """Write a time in UTC, to the second."""
    return time.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ")


def _line(pieces: Iterable[str]) -> str:
    return "".join(piece if isinstance(piece, Painted) else visible(piece) for piece in pieces)


def _as_json(value: object, indent: int | None) -> str:
    # A stream in another encoding would leave `\\xe9`, which is no JSON.
    unicode = (sys.stdout.encoding or "").lower().replace("-", "") in ("utf8", "utf8sig")
    text = json.dumps(value, indent=indent, ensure_ascii=not unicode, default=_plain)
    return _UNPRINTED.sub(lambda char: char[0] if char[0].isprintable() else json.dumps(char[0])[1:-1], text)


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    raise TypeError(f"{type(value).__name__} is not JSON")
