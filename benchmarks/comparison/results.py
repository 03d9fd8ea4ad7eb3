"""``benchmarks/results.json``: the figures of the last run, in a format with a version."""

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from comparison.row import Row

FILE = Path(__file__).parents[1] / "results.json"
FORMAT = 1


@dataclass(frozen=True)
class Results:
    """Of a run.

    Attributes
    ----------
    base
        The commit that the product was compared to.
    machine
        What it ran on, in words.
    date
        Of the run, such as 2026-11-30.
    rows
        All comparisons.
    """

    base: str
    machine: str
    date: str
    rows: tuple[Row, ...]

    def text(self) -> str:
        """Return what the file holds."""
        return f"{json.dumps({'format': FORMAT, **asdict(self)}, indent=1)}\n"

    def with_rows_of(self, earlier: "Results") -> "Results":
        """Return these with those of an earlier run for benchmarks that did not run, if it had the same base."""
        ran = {row.benchmark for row in self.rows}
        kept = [row for row in earlier.rows if row.benchmark not in ran] if earlier.base == self.base else []
        rows = sorted([*self.rows, *kept], key=lambda row: row.benchmark)
        return Results(self.base, self.machine, self.date, tuple(rows))


def read(text: str) -> Results:
    """Read the file.

    Raises
    ------
    ValueError
        It has another format.
    """
    told: dict[str, Any] = json.loads(text)
    if told.pop("format", None) != FORMAT:
        raise ValueError(f"{FILE.name} must have format {FORMAT}: write it anew with `make bench`")
    return Results(**told | {"rows": tuple(map(_row, told["rows"]))})


def _row(told: dict[str, Any]) -> Row:
    known = {field.name for field in fields(Row)}
    if told.keys() - known:
        raise ValueError(f"a row has {', '.join(sorted(told.keys() - known))}, which format {FORMAT} has not")
    return Row(**told | {"ratios": tuple(told["ratios"])})
