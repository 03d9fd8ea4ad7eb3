"""What several commands print: JSON, tables, times."""

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any


def write(text: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{text}\n")


def note(text: str) -> None:
    """Print a line to people, beside what may go into a pipe."""
    sys.stderr.write(f"{text}\n")


def write_json(value: Any) -> None:  # noqa: ANN401 - whatever JSON can hold, and times
    """Print a value as JSON, indented."""
    write(json.dumps(value, indent=2, ensure_ascii=False, default=_plain))


def write_json_line(value: Any) -> None:  # noqa: ANN401 - whatever JSON can hold, and times
    """Print a value as one line of JSON, at once."""
    write(json.dumps(value, ensure_ascii=False, default=_plain))
    sys.stdout.flush()


def write_table(rows: Iterable[Sequence[str]]) -> None:
    """Print rows with their columns aligned; the last column is as wide as it is."""
    table = list(rows)
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for row in table:
        cells = [cell.ljust(width) for cell, width in zip(row[:-1], widths, strict=False)]
        write("  ".join([*cells, row[-1]]).rstrip())


def clock(time: datetime) -> str:
    """Write a time in UTC, to the second."""
    return time.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ")


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    raise TypeError(f"{type(value).__name__} is not JSON")
