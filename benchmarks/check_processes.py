"""How long `bedrock-batch check` takes for one large file, beside the build before and beside checks of its halves.

By the clock, from start to end: look at these figures only if nothing else runs on the machine. Of the memory it is the
largest process's.
"""

import shlex
import sys
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path

from comparison.cost import Cost, cost_of
from comparison.row import Row, Turns
from comparison.trial import BEFORE, NOW, Trial
from local_throughput import records

ROUNDS, RECORDS = 5, 4_000_000
CHECK, HALVES = "check of one file", "two checks at once, of a half each"
#: At least 1.8 times as fast as before, and 0.9 of what the halves come to.
OF_BEFORE, OF_HALVES = 1 / 1.8, 1 / 0.9
NO_LIMITS = ("records_per_file", "records_per_job", "bytes_per_file", "bytes_per_job")


def rows(trial: Trial) -> Iterator[Row]:
    """Check with both builds, and two halves, in turn."""
    count = trial.size(RECORDS)
    made = records(count)
    halves = [_written(trial.folder / f"{name}.jsonl", islice(made, count // 2)) for name in ("one", "other")]
    whole = _written(trial.folder / "whole.jsonl", records(count))
    ways: dict[str, Callable[[], Cost]] = {
        CHECK: partial(_run, trial, NOW, [whole]),
        f"{CHECK}, {BEFORE}": partial(_run, trial, BEFORE, [whole]),
        HALVES: partial(_run, trial, BEFORE, halves),
    }
    turns = Turns.take("check_processes", ways, trial.rounds(ROUNDS))
    yield turns.row(CHECK, f"{CHECK}, {BEFORE}", "clock", OF_BEFORE)
    yield turns.row(CHECK, HALVES, "clock", OF_HALVES)


def _run(trial: Trial, build: str, paths: list[Path]) -> Cost:
    """Check each file in a process of its own, all at once."""
    limits = [f"--limit={name}={10**13}" for name in NO_LIMITS]
    checks = [shlex.join([sys.executable, "-m", "bedrock_batch.cli", "check", str(path), *limits]) for path in paths]
    every = " & ".join(
        f"{check} || touch {shlex.quote(f'{path}.bad')}" for check, path in zip(checks, paths, strict=True)
    )
    cost = cost_of(["sh", "-c", f"{every} & wait"], trial.builds[build].environment())
    if bad := [path for path in paths if Path(f"{path}.bad").exists()]:
        sys.exit(f"the check of {bad[0]} found something")
    return cost


def _written(path: Path, lines: Iterator[bytes]) -> Path:
    with path.open("wb") as file:
        file.writelines(lines)
    return path
