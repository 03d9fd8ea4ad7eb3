"""How close a pipeline comes to the time that its quota allows, in simulated time, beside a plain inline Map.

200 shards of 40,000 records, 20 jobs at once. A run cannot be shorter than all its jobs together take, divided by the
quota (less what others use of it). Shown is how many times as long it takes from its first job on; before that come the
survey and the cutting. The simulation runs the product's own decisions (`scale/run.py`); nothing is measured of AWS.

Run it with ``make bench``. With jobs that take the same time a run shall take 1.05 times as long at most, with jobs
that take from half to twice as long 1.15 times: the worst of five runs, each with its own chance.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from rich.console import Console
from rich.table import Table

from scale.assumptions import Assumptions
from scale.inline_map import InlineOutcome, simulate_inline
from scale.run import Outcome, simulate

SEEDS = range(1, 6)
HOUR = 3600
#: A GiB of such records is ten shards. All come to results in one round: it is the jobs that are looked at.
ALIKE = Assumptions(
    records=200 * 40_000, record_bytes=2684, failed_jobs=0, left_records=0, event_seconds=2, lost_events=0.001
)
VARIED = partial(ALIKE.but, shortest=0.5, longest=2)


@dataclass(frozen=True)
class Case:
    """What is simulated, and how many times as long as it must it may take; None where nothing is promised."""

    assumptions: Assumptions
    most: float | None = None


CASES: Mapping[str, Case] = {
    "jobs alike": Case(ALIKE, 1.05),
    "half to double": Case(VARIED(), 1.15),
    "jobs alike, 5 % of events lost": Case(ALIKE.but(lost_events=0.05), 1.05),
    "half to double, 5 % of events lost": Case(VARIED(lost_events=0.05), 1.15),
    "half to double, others run 5 jobs": Case(VARIED(others=5), 1.15),
    "half to double, others run 15 for 3 hours": Case(VARIED(others=15, others_until=3 * HOUR), 1.15),
    "the same, 5 % of events lost": Case(VARIED(others=15, others_until=3 * HOUR, lost_events=0.05), 1.15),
    "jobs of 15 minutes": Case(ALIKE.but(job_seconds=300, record_seconds=0.015)),
    "jobs of 6 minutes": Case(ALIKE.but(job_seconds=120, record_seconds=0.006)),
}


def main() -> None:
    """Simulate all, print a table, and end with 1 if a run takes longer than it may."""
    table = Table(
        "", "hours at least", "times as long", "may be", "starts refused", "inline Map", title="200 shards, quota 20"
    )
    late = False
    for name, case in CASES.items():
        outcomes = [simulate(case.assumptions.but(seed=seed)) for seed in SEEDS]
        worst = max(ratio(case.assumptions, each) for each in outcomes)
        late |= case.most is not None and worst > case.most
        hours = least(case.assumptions, outcomes[0].began, outcomes[0].work) / HOUR
        busy = max(each.meter.busy for each in outcomes)
        table.add_row(name, f"{hours:.2f}", f"{worst:.3f}", f"{case.most or ''}", f"{busy:,}", inline(case.assumptions))
    Console(width=150).print(table)
    sys.exit(1 if late else 0)


def ratio(assumptions: Assumptions, outcome: Outcome) -> float:
    """Return how many times as long as it must a run takes, from its first job on."""
    if not outcome.is_over:
        return float("inf")
    return (outcome.ended - outcome.began) / least(assumptions, outcome.began, outcome.work)


def least(assumptions: Assumptions, began: float, work: float) -> float:
    """Return how long jobs that take so many seconds together must take with what others leave of the quota."""
    beside = max(0.0, min(assumptions.others_until - began, work / assumptions.places(began)))
    done = beside * assumptions.places(began)
    return beside + (work - done) / assumptions.quota


def inline(assumptions: Assumptions) -> str:
    """Return what becomes of an inline Map: how many times as long it would take, and how far it comes."""
    outcomes = [simulate_inline(assumptions.but(seed=seed)) for seed in SEEDS]
    worst = max(outcomes, key=lambda each: each.ended / each.work)
    if assumptions.others:
        return f"fails: {worst.failure}"
    would = f"{worst.ended / least(assumptions, 0, worst.work):.3f}"
    return f"{would}, but {worst.failure} after {fewest(outcomes)}" if worst.failure else would


def fewest(outcomes: list[InlineOutcome]) -> int:
    """Return how many shards are done at least."""
    return min(each.done for each in outcomes)


if __name__ == "__main__":
    main()
