"""The benchmarks run, and the figures of the documentation are those that were measured."""

import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest

from comparison.build import ROOT
from comparison.cost import Cost
from comparison.page import PAGE, table, written
from comparison.results import FILE, FORMAT, Results, read
from comparison.row import Turns

COSTS = {"ours": [Cost(2, 4, 30), Cost(3, 3, 50), Cost(4, 9, 40)], "theirs": [Cost(4, 4, 20), Cost(4, 6), Cost(4, 3)]}
ROW = Turns("some", COSTS).row("ours", "theirs", at_most=0.9)
RESULTS = Results("abc1234", "two cores", "2026-11-30", (ROW,))


def test_a_row_has_the_median_of_the_ratios_with_quartiles_and_memory() -> None:
    assert (ROW.ratios, ROW.pairs, ROW.seconds) == ((0.625, 0.75, 0.875), 3, 3)
    assert (ROW.megabytes, ROW.megabytes_against) == (50, 20)
    assert Turns("some", COSTS).row("ours", "theirs", "clock").ratios == (0.75, 1, 2)


def test_a_table_shows_each_row() -> None:
    shown = table(RESULTS).splitlines()
    assert shown[0] == "On 2026-11-30, two cores; *before* is abc1234."
    assert shown[-1] == "| ours | theirs | processor | 0.75 | 0.62 to 0.88 | 3 | 0.9 | 3 | 50 | 20 |"


def test_a_file_is_read_as_it_was_written_and_no_other_format_is() -> None:
    assert read(RESULTS.text()) == RESULTS
    other = json.loads(RESULTS.text()) | {"format": FORMAT + 1}
    with pytest.raises(ValueError, match=f"must have format {FORMAT}"):
        read(json.dumps(other))


def test_a_run_of_one_benchmark_keeps_the_others_of_the_same_base() -> None:
    earlier = replace(RESULTS, rows=(ROW, replace(ROW, benchmark="others")))
    newer = replace(ROW, pairs=9)
    assert replace(RESULTS, rows=(newer,)).with_rows_of(earlier).rows == (replace(ROW, benchmark="others"), newer)
    assert replace(RESULTS, base="0000000", rows=(newer,)).with_rows_of(earlier).rows == (newer,)


def test_the_documentation_has_the_figures_of_the_last_run() -> None:
    page = PAGE.read_text(encoding="utf-8")
    results = read(FILE.read_text(encoding="utf-8"))
    assert page == written(page, results), "write it anew: make docs"
    assert table(results) in page


def test_a_benchmark_runs_with_both_builds() -> None:
    """In a process of its own, as make runs it; the commit is this one, so that nothing else need be there."""
    command = [sys.executable, "-m", "comparison", "--only", "convert", "--quick", "--base", "HEAD"]
    entries = (ROOT / entry for entry in ("benchmarks", "constructs", "lambda", "toolkit", "local"))
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, entries))}
    before = FILE.read_bytes()
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert [line.split(" | ")[1] for line in run.stdout.splitlines() if line.startswith("| Claude |")] == [
        "json.loads and json.dumps",
        "Claude, before",
    ]
    assert FILE.read_bytes() == before


def test_what_is_no_commit_is_refused_in_a_sentence() -> None:
    command = [sys.executable, "-m", "comparison", "--base", "no-such"]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "benchmarks")}
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (
        1,
        "BASE must be a commit of this repository, got 'no-such': name one that `git log` shows\n",
    )
