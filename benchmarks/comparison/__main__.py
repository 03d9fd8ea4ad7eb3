"""``PYTHONPATH=benchmarks python -m comparison``: measure, print one table, and write benchmarks/results.json."""

import argparse
import importlib
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from comparison.build import ROOT, Build, build_before, default_base, short_name
from comparison.page import table
from comparison.results import FILE, Results, read
from comparison.row import Row
from comparison.trial import BEFORE, NOW, Trial

#: Each is a module beside this folder; its `rows` yields what a `Trial` comes to.
BENCHMARKS = (
    "commands",
    "synth",
    "event_to_answer",
    "check_processes",
    "check_speed",
    "convert",
    "prepare",
    "results_to_parquet",
    "cutting",
    "listing",
    "local_throughput",
    "pipeline",
    "contention",
    "end_to_signal",
    "first_run",
)


def main() -> None:
    """Run what is asked for; end with 1 if a row is above what it shall be at most."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", choices=BENCHMARKS, metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument("--quick", action="store_true", help="little data, few rounds; writes no results.json")
    parser.add_argument(
        "--base", default="", help="commit to compare to (default: the last tag, or where main was left)"
    )
    parser.add_argument("--rounds", type=int, default=60, help="at most (default: as many as each benchmark has)")
    options = parser.parse_args()
    base = short_name(options.base or default_base())
    rows = tuple(measured(options.only or BENCHMARKS, base, quick=options.quick, rounds=options.rounds))
    results = Results(base, machine(), f"{datetime.now(UTC):%Y-%m-%d}", rows)
    if not options.quick:
        results = results.with_rows_of(read(FILE.read_text("utf-8"))) if FILE.exists() else results
        FILE.write_text(results.text(), encoding="utf-8")
    sys.stdout.write(table(results))
    late = [row for row in rows if row.at_most is not None and row.ratios[1] > row.at_most]
    sys.exit(1 if late and not options.quick else 0)


def measured(names: tuple[str, ...] | list[str], base: str, *, quick: bool, rounds: int) -> Iterator[Row]:
    """Run benchmarks, each in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="benchmarks-") as name, build_before(base, Path(name)) as before:
        for benchmark in names:
            began, folder = time.monotonic(), Path(name, benchmark)
            folder.mkdir()
            builds = {NOW: Build(ROOT, before.compiled), BEFORE: before}
            yield from importlib.import_module(benchmark).rows(Trial(builds, folder, quick, rounds))
            shutil.rmtree(folder, ignore_errors=True)
            sys.stderr.write(f"{benchmark}: {time.monotonic() - began:.0f} s\n")


def machine() -> str:
    """Tell what this runs on."""
    system = f"{platform.system()} on {platform.machine()}"
    return f"{os.cpu_count()} cores, {system}, Python {platform.python_version()}"


if __name__ == "__main__":
    main()
