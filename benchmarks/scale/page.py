"""``PYTHONPATH=benchmarks python -m scale.page``: write the tables of docs/scale.md anew, from simulated runs."""

import re
from collections.abc import Iterator
from pathlib import Path

from scale.assumptions import Assumptions
from scale.prices import Prices
from scale.run import Outcome, simulate

PAGE = Path(__file__).parents[2] / "docs" / "scale.md"
_MILLION = 1_000_000
_RUNS = (
    Assumptions(records=_MILLION),
    Assumptions(records=10 * _MILLION),
    Assumptions(),
    Assumptions(quota=100),
    Assumptions(quota=1_000),
)
#: Nothing fails, nothing is lost, nothing is asked again.
SMOOTH = Assumptions(records=10 * _MILLION, failed_jobs=0, left_records=0, lost_events=0)


def tables() -> Iterator[str]:
    """Return the tables of the page, each with a line's end after each row."""
    yield _table(
        (
            *("records", "quota", "jobs", "hours", "state transitions", "function calls", "function seconds"),
            *("Step Functions", "Lambda", "S3", "DynamoDB", "in all"),
        ),
        [_run(each, simulate(each)) for each in _RUNS],
    )
    yield _table(
        ("of a shard, where nothing is retried", "state transitions", "function calls"),
        [_shard(hours) for hours in (1, 6)],
    )


def _run(assumptions: Assumptions, outcome: Outcome) -> list[str]:
    meter, dollars = outcome.meter, Prices().of(outcome.meter)
    paid = (dollars.step_functions, dollars.functions, dollars.s3, dollars.dynamodb, dollars.all)
    counted = (meter.transitions, meter.invocations, round(meter.seconds))
    return [
        *(f"{number:,}" for number in (assumptions.records, assumptions.quota, meter.jobs)),
        f"{outcome.ended / 3600:.1f}",
        *(f"{number:,}" for number in counted),
        *(f"${number:,.2f}" for number in paid),
    ]


def _shard(hours: int) -> list[str]:
    outcome = simulate(SMOOTH.but(job_seconds=hours * 3600, record_seconds=0))
    each = (outcome.meter.transitions / outcome.shards, outcome.meter.invocations / outcome.shards)
    return [f"jobs of {hours} h, 20 at once", *(f"{number:.1f}" for number in each)]


def _table(head: tuple[str, ...], rows: list[list[str]]) -> str:
    ruler = ["---", *["---:"] * (len(head) - 1)]
    return "".join(f"| {' | '.join(row)} |\n" for row in (head, ruler, *rows))


def written(page: str) -> str:
    """Return a page with its tables written anew: each is known by its first cell."""
    for table in tables():
        first, _, _ = table.removeprefix("| ").partition(" |")
        old = re.compile(rf"^\| {re.escape(first)} \|.*\n(\|.*\n)*", re.MULTILINE)
        page = old.sub(table, page)
    return page


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
