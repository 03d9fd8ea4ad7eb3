"""How fast a table becomes records, beside the loop that people write: ``csv.DictReader`` and ``json.dumps``.

All in processor time, on prose out of Python's own documentation, in records of 1 kB; a text has commas, quotes and
line breaks, as those of people have. All run in turn, several times: the medians of their times, and of how many times
as long the loop took in the same turn. The loop writes the same records for Amazon Nova, with the ids of a column; it
checks nothing. What is loaded once for each process is not counted. Below are the peaks of memory of processes of their
own, for tables of several sizes.

Needs Linux for the peak of memory. Run it with ``python benchmarks/prepare.py``; ``--records 1000000`` for tables of
1 GB. The aim is 100,000 records a second on one core, and 256 MB for a table of any size.
"""

import argparse
import csv
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from pydoc_data.topics import topics
from statistics import median

import pyarrow as pa
from pyarrow import parquet
from rich.console import Console
from rich.table import Table

from bedrock_batch import prepare

ROUNDS = 5
TEXT = 800
MODEL = "amazon.nova-lite-v1:0"
TEMPLATE = "What is {title} about?\n{text}"
LOOP = "csv.DictReader and json.dumps"
_PROSE = "\n".join(topics.values())

# Run in a process of its own, so that its peak of memory is its own; `ru_maxrss` would be that of the parent, if more.
PEAK = """
import re, sys
from pathlib import Path
from bedrock_batch import prepare
prepare(sys.argv[1], "/dev/null", template=sys.argv[2], model=sys.argv[3], id_column=sys.argv[4] or None)
print(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
"""


def rows(count: int) -> list[dict[str, str]]:
    """Make rows of a table."""
    starts = (number * (TEXT - 3) % (len(_PROSE) - TEXT) for number in range(count))
    return [
        {"id": f"review-{number:08d}", "title": f"part {number}", "text": _PROSE[start : start + TEXT]}
        for number, start in enumerate(starts)
    ]


def written(folder: Path, count: int) -> dict[str, Path]:
    """Write a table in each format, some rows at a time."""
    files = {kind: folder / f"{count}.{kind}" for kind in ("csv", "jsonl", "parquet")}
    some = rows(20_000)
    schema = pa.Table.from_pylist(some[:1]).schema
    with (
        files["csv"].open("w", encoding="utf-8", newline="") as csv_file,
        files["jsonl"].open("w", encoding="utf-8") as jsonl,
        parquet.ParquetWriter(files["parquet"], schema) as writer,
    ):
        lines = csv.DictWriter(csv_file, some[0])
        lines.writeheader()
        for first in range(0, count, len(some)):
            part = [row | {"id": f"review-{first + number:08d}"} for number, row in enumerate(some[: count - first])]
            lines.writerows(part)
            jsonl.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in part)
            writer.write_table(pa.Table.from_pylist(part))
    return files


def plain_loop(table: Path, output: Path) -> None:
    """Write records as most would."""
    with table.open(encoding="utf-8", newline="") as file, output.open("w", encoding="utf-8") as out:
        for row in csv.DictReader(file):
            content = [{"text": f"What is {row['title']} about?\n{row['text']}"}]
            body = {"schemaVersion": "messages-v1", "messages": [{"role": "user", "content": content}]}
            out.write(json.dumps({"recordId": row["id"], "modelInput": body}) + "\n")


def ways(files: dict[str, Path], output: Path) -> dict[str, Callable[[], object]]:
    """List what is measured, the loop first."""
    found: dict[str, Callable[[], object]] = {LOOP: lambda: plain_loop(files["csv"], output)}
    for kind, table in files.items():
        found[f"prepare, {kind}"] = partial(prepare, table, output, template=TEMPLATE, model=MODEL, id_column="id")
    found["prepare, csv, ids made of the rows"] = lambda: prepare(files["csv"], output, template=TEMPLATE, model=MODEL)
    return found


def measured(function: Callable[[], object]) -> float:
    """Return the processor time of one run, in seconds."""
    started = time.process_time()
    function()
    return time.process_time() - started


def peak(table: Path, id_column: str) -> float:
    """Return the peak of memory of a process that prepares a table, in MB."""
    command = [sys.executable, "-c", PEAK, str(table), TEMPLATE, MODEL, id_column]
    run = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own command
    return float(run.stdout) / 1024


def compare(folder: Path, count: int, console: Console) -> None:
    """Print how fast each way is."""
    output = folder / "out.jsonl"
    found = ways(written(folder, count), output)
    times: dict[str, list[float]] = {name: [] for name in found}
    for function in found.values():
        function()  # Loads what is loaded when it is first used.
    for _ in range(ROUNDS):
        for name, function in found.items():
            times[name].append(measured(function))
    table = Table("", "records a second", "times the loop", title=f"{count:,} records of about 1 kB")
    for name, taken in times.items():
        ratio = median(loop / seconds for loop, seconds in zip(times[LOOP], taken, strict=True))
        table.add_row(name, f"{count / median(taken):,.0f}", f"{ratio:.1f}")
    console.print(table)


def compare_peaks(folder: Path, counts: list[int], console: Console) -> None:
    """Print how much memory tables of several sizes take."""
    table = Table("records", "csv, id column", "csv, ids of rows", "jsonl", "parquet", title="MB of memory")
    for count in counts:
        files = written(folder, count)
        peaks = [peak(files["csv"], "id"), peak(files["csv"], ""), peak(files["jsonl"], ""), peak(files["parquet"], "")]
        table.add_row(f"{count:,}", *(f"{each:.0f}" for each in peaks))
        for file in files.values():
            file.unlink()
    console.print(table)


def main() -> None:
    """Measure, and print tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=50_000, help="of the tables (default: %(default)s)")
    count = parser.parse_args().records
    console = Console()
    with tempfile.TemporaryDirectory() as folder:
        compare(Path(folder), count, console)
        compare_peaks(Path(folder), [count // 10, count, 5 * count], console)


if __name__ == "__main__":
    main()
