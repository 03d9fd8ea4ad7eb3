"""``PYTHONPATH=benchmarks python -m comparison.page``: write the figures of docs/speed.md anew, from results.json."""

import re
from collections.abc import Iterator
from pathlib import Path

from comparison.results import FILE, Results, read
from comparison.row import Row

PAGE = Path(__file__).parents[2] / "docs" / "speed.md"
MARKS = ("<!-- figures: begin -->\n", "<!-- figures: end -->\n")
_HEAD = ("what", "compared to", "by", "times", "quartiles", "pairs", "at most", "seconds", "MB", "MB of the other")


def table(results: Results) -> str:
    """Return a run as Markdown, a table for each benchmark."""
    said = f"On {results.date}, {results.machine}; *before* is {results.base}.\n"
    names = dict.fromkeys(row.benchmark for row in results.rows)
    return said + "".join(_table(name, [row for row in results.rows if row.benchmark == name]) for name in names)


def _table(name: str, rows: list[Row]) -> str:
    ruler = ["---"] * 3 + ["---:"] * (len(_HEAD) - 3)
    lines = "".join(f"| {' | '.join(cells)} |\n" for cells in (_HEAD, ruler, *map(list, map(_cells, rows))))
    return f"\n`{name}`\n\n{lines}"


def _cells(row: Row) -> Iterator[str]:
    low, middle, high = row.ratios
    yield from (row.subject, row.against, row.by, f"{middle:.2f}", f"{low:.2f} to {high:.2f}", str(row.pairs))
    yield "" if row.at_most is None else f"{row.at_most:g}"
    yield f"{row.seconds:,.3g}"
    yield from ("" if each is None else f"{each:,.0f}" for each in (row.megabytes, row.megabytes_against))


def written(page: str, results: Results) -> str:
    """Return a page with what stands between its marks written anew."""
    begin, end = map(re.escape, MARKS)
    return re.sub(f"({begin}).*?({end})", lambda found: f"{found[1]}{table(results)}{found[2]}", page, flags=re.DOTALL)


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text("utf-8"), read(FILE.read_text("utf-8"))), encoding="utf-8")
