"""How long from the end of a job until its stack is told, beside two ways of polling once a minute.

In one local AWS and at the same time: a stack of jobs with ``WaitUntil.FINISHED``; custom resources that crhelper polls
for, at its shortest interval; executions of a state machine that looks, waits 60 seconds, and looks again. The jobs are
alike. They are held while they run and then end one by one, those of each kind evenly over one turn of a poll, so that
it is not luck how long a poll takes to see them. Ten functions run at once, as in a new account.

Measured is from a job's ``endTime`` to the stack's event "Received SUCCESS signal" of its wait condition, to
CREATE_COMPLETE of its polled resource, to the end of its execution. Run it with ``make bench``; it gives up after six
minutes. 95 % of the jobs with ``WaitUntil.FINISHED`` shall have their signal in less than 5 seconds.
"""

import math
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bedrock_local.faults import AddedFault
from bedrock_local.local_aws import LocalAws
from waiting.account import Account
from waiting.jobs import COUNTS, FINISHED, names

MOST_SECONDS, SHARE = 5, 0.95
TURN_SECONDS, PATIENCE_SECONDS = 60, 360
QUOTAS = {"min_records_per_job": 1, "jobs_per_model": sum(COUNTS.values())}


def main() -> None:
    """Measure all three at the same time, print a table, and end with 1 if too many signals are late."""
    options: dict[str, Any] = {"quotas": QUOTAS, "behaviours": {"role_propagation": 0}, "concurrency": 10}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with LocalAws(model="echo", directory=folder / "aws", admin=True, **options) as aws:
            held = {name: aws.faults.hold("InProgress", name) for _, name in ends()}
            account = Account(aws, time.monotonic() + PATIENCE_SECONDS)
            account.begin(folder / "cdk.out")
            account.wait_for("all jobs run", account.all_run)
            load = os.getloadavg()[0]
            release(held)
            account.wait_for("all are told", account.all_told)
            seconds = account.seconds()
    sys.exit(report(seconds, load))


def ends() -> list[tuple[float, str]]:
    """Return after how many seconds each job may end, by how its name begins."""
    return sorted(
        (TURN_SECONDS * (number + 0.5) / count, name)
        for kind, count in COUNTS.items()
        for number, name in enumerate(names(kind))
    )


def release(held: Mapping[str, AddedFault]) -> None:
    """Let the jobs end, each at its time."""
    began = time.monotonic()
    for after, name in ends():
        time.sleep(max(0, began + after - time.monotonic()))
        held[name].remove()


def report(seconds: Mapping[str, Sequence[float]], load: float) -> int:
    """Print what was measured; return the exit code."""
    title = f"end of a job until its stack is told, load {load:.1f}"
    table = Table("", "jobs", "median s", "95 % within s", "slowest s", "median ratio", "95 % ratio", title=title)
    ours = seconds[FINISHED]
    for name, values in seconds.items():
        times = (statistics.median(values), most(values), max(values))
        ratios = (times[0] / statistics.median(ours), times[1] / most(ours))
        table.add_row(
            name, str(len(values)), *(f"{value:.2f}" for value in times), *(f"{value:.0f}" for value in ratios)
        )
    console = Console()
    console.print(table)
    console.print(f"{FINISHED}: 95 % within {most(ours):.2f} s (in less than {MOST_SECONDS})")
    return 0 if most(ours) < MOST_SECONDS else 1


def most(values: Sequence[float]) -> float:
    """Return how long 95 % of them take at most."""
    return sorted(values)[math.ceil(len(values) * SHARE) - 1]


if __name__ == "__main__":
    main()
