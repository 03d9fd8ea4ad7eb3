"""How long from the end of a job until its stack is told, beside two ways of polling once a minute.

In one local AWS and at the same time: a stack of jobs with ``WaitUntil.FINISHED``; custom resources that crhelper polls
for, at its shortest interval; executions of a state machine that looks, waits 60 seconds, and looks again. The jobs are
alike. They are held while they run and then end one by one, those of each kind evenly over one turn of a poll, so that
it is not luck how long a poll takes to see them. Ten functions run at once, as in a new account.

Measured is from a job's ``endTime`` to the stack's event "Received SUCCESS signal" of its wait condition, to
CREATE_COMPLETE of its polled resource, to the end of its execution; the fastest are compared with the fastest. It gives
up after six minutes. 95 % of the jobs with ``WaitUntil.FINISHED`` shall have their signal in less than 5 seconds.
"""

import math
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bedrock_local.faults import AddedFault
from bedrock_local.local_aws import LocalAws
from comparison.row import Row, row_of
from comparison.trial import Trial
from waiting.account import Account
from waiting.jobs import COUNTS, FINISHED, names

MOST_SECONDS, SHARE = 5, 0.95
TURN_SECONDS, PATIENCE_SECONDS = 60, 360
QUOTAS = {"min_records_per_job": 1, "jobs_per_model": sum(COUNTS.values())}


def rows(trial: Trial) -> Iterator[Row]:
    """Measure all three at the same time, as long as it takes; it is left out where only the way there is tried."""
    if trial.quick:
        return
    seconds = measured(trial.folder)
    ours = seconds[FINISHED]
    for name, polled in seconds.items():
        if name != FINISHED:
            pairs = list(zip(sorted(ours), sorted(polled), strict=False))
            yield row_of("end_to_signal", (FINISHED, name), pairs, "clock", None)
    yield row_of("end_to_signal", (f"{FINISHED}, 95 % of the jobs", "5 s"), [(most(ours), MOST_SECONDS)], "clock", 1)


def measured(folder: Path) -> Mapping[str, Sequence[float]]:
    """Return the seconds of each job."""
    options: dict[str, Any] = {"quotas": QUOTAS, "behaviours": {"role_propagation": 0}, "concurrency": 10}
    with LocalAws(model="echo", directory=folder / "aws", admin=True, **options) as aws:
        held = {name: aws.faults.hold("InProgress", name) for _, name in ends()}
        account = Account(aws, time.monotonic() + PATIENCE_SECONDS)
        account.begin(folder / "cdk.out")
        account.wait_for("all jobs run", account.all_run)
        release(held)
        account.wait_for("all are told", account.all_told)
        return account.seconds()


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


def most(values: Sequence[float]) -> float:
    """Return how long 95 % of them take at most."""
    return sorted(values)[math.ceil(len(values) * SHARE) - 1]
