"""How close a pipeline comes to the time that its quota allows, in simulated time, beside a plain inline Map.

200 shards of 40,000 records, 20 jobs at once. A run cannot be shorter than all its jobs together take, divided by the
quota (less what others use of it). Shown is how many times as long it takes from its first job on; before that come the
survey and the cutting. The simulation runs the product's own decisions (`scale/run.py`); nothing is measured of AWS.

With jobs that take the same time a run shall take 1.05 times as long at most, with jobs that take from half to twice as
long 1.15 times, in five runs, each with its own chance.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from comparison.row import Row, row_of
from comparison.trial import Trial
from scale.assumptions import Assumptions
from scale.inline_map import simulate_inline
from scale.run import Outcome, simulate

SEEDS = (1, 2, 3, 4, 5)
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


def rows(trial: Trial) -> Iterator[Row]:
    """Simulate all."""
    seeds = SEEDS[: trial.rounds(len(SEEDS))]
    for name, case in CASES.items():
        outcomes = [simulate(case.assumptions.but(seed=seed)) for seed in seeds]
        pairs = [(taken(each), least(case.assumptions, each.began, each.work)) for each in outcomes]
        yield row_of("pipeline", (name, "its jobs by the quota"), pairs, "simulated", case.most)
        by_a_map = [simulate_inline(case.assumptions.but(seed=seed)) for seed in seeds]
        if not case.assumptions.others:
            pairs = [(each.ended, least(case.assumptions, 0, each.work)) for each in by_a_map]
            # It comes to no end: Step Functions ends an execution after 25,000 events. It is what it would take.
            yield row_of("pipeline", (f"an inline Map, {name}", "its jobs by the quota"), pairs, "simulated", None)


def taken(outcome: Outcome) -> float:
    """Return how long a run takes, from its first job on."""
    return outcome.ended - outcome.began if outcome.is_over else float("inf")


def least(assumptions: Assumptions, began: float, work: float) -> float:
    """Return how long jobs that take so many seconds together must take with what others leave of the quota."""
    beside = max(0.0, min(assumptions.others_until - began, work / assumptions.places(began)))
    done = beside * assumptions.places(began)
    return beside + (work - done) / assumptions.quota
