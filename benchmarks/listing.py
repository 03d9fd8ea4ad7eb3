"""How long a page of jobs takes when there are 10,000: the first, the last, and with filters that match few or none.

In process, so that it is the service that is measured and not HTTP. Run it with ``make bench``. A page shall take
milliseconds, wherever it is in the list; what a filter leaves out has to be looked at, and may take some more.
"""

import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from rich.console import Console
from rich.table import Table

from bedrock_local.bedrock.api import listing
from bedrock_local.bedrock.api.responses import summary
from bedrock_local.bedrock.jobs.behaviours import Behaviours
from bedrock_local.bedrock.jobs.job import Job
from bedrock_local.bedrock.jobs.quotas import Quotas
from bedrock_local.bedrock.jobs.status import Status
from bedrock_local.bedrock.jobs.store import JobStore
from bedrock_local.bedrock.models.model import Model
from bedrock_local.names.place import Place

COUNT = 10_000
ROUNDS = 20
START = datetime(2026, 1, 1, tzinfo=UTC)
HERE = Place("aws", "us-east-1", "000000000000")
MODEL = Model("arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0", "amazon.nova-lite-v1:0")

REQUEST: dict[str, Any] = {
    "roleArn": "arn:aws:iam::000000000000:role/r",
    "modelInvocationType": "InvokeModel",
    "timeoutDurationInHours": 24,
    "inputDataConfig": {"s3InputDataConfig": {"s3Uri": "s3://bucket/in/"}},
    "outputDataConfig": {"s3OutputDataConfig": {"s3Uri": "s3://bucket/out/"}},
}


def main() -> None:
    """Measure, and show a table."""
    count = int(sys.argv[1]) if sys.argv[1:] else COUNT
    began = time.perf_counter()
    store = filled(count)
    each = (time.perf_counter() - began) / count
    last = listing.page(store.all(HERE), {"maxResults": count - 100})[1]
    table = Table(title=f"{count:,} jobs; {each * 1e6:.0f} µs to add one")
    for column in ("page of 100", "median ms"):
        table.add_column(column, justify="right")
    pages: dict[str, dict[str, Any]] = {
        "first": {},
        "last": {"nextToken": last},
        "first 1,000": {"maxResults": 1000},
        "oldest by name": {"nameContains": "-0-"},
        "no match": {"statusEquals": "Completed"},
    }
    for name, params in pages.items():
        table.add_row(name, f"{median(partial(page, store, params)) * 1000:.2f}")
    Console().print(table)


def filled(count: int) -> JobStore:
    """Make a store with so many jobs, a second apart, that have ended: more than twenty are never live."""
    store = JobStore(Quotas(), Behaviours())
    for number in range(count):
        request = {"jobName": f"job-{number}-name", "clientRequestToken": f"token-{number}", **REQUEST}
        job = Job(f"{number:012}", request, MODEL, HERE, START + timedelta(seconds=number))
        store.add(request, HERE, partial(_same, job))
        job.move(Status.FAILED, job.submit_time)
    return store


def _same(job: Job) -> Job:
    return job


def page(store: JobStore, params: dict[str, Any]) -> list[dict[str, Any]]:
    """Make a page as the service does: chosen, and rendered."""
    return [summary(job, Behaviours()) for job in listing.page(store.all(HERE), params)[0]]


def median(run: Callable[[], object]) -> float:
    """Return the median time of some runs, in seconds."""
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        run()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


if __name__ == "__main__":
    main()
