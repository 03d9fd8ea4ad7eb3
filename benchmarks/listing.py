"""How long a page of jobs takes when there are 10,000: the first, the last, and with filters that match few or none.

In process, so that it is the service that is measured and not HTTP; beside the build before. Seconds are those of fifty
times the same page.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from bedrock_local.bedrock.api import listing
from bedrock_local.bedrock.api.responses import summary
from bedrock_local.bedrock.jobs.behaviours import Behaviours
from bedrock_local.bedrock.jobs.job import Job
from bedrock_local.bedrock.jobs.quotas import Quotas
from bedrock_local.bedrock.jobs.status import Status
from bedrock_local.bedrock.jobs.store import JobStore
from bedrock_local.bedrock.models.model import Model
from bedrock_local.names.place import Place
from comparison.row import Row
from comparison.trial import BEFORE, Trial

COUNT, ROUNDS, TIMES = 10_000, 5, 50
#: Stands for the token of the last page.
LAST = "last"
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


PAGES: dict[str, dict[str, Any]] = {
    "first page": {},
    "last page": {"nextToken": LAST},
    "first 1,000": {"maxResults": 1000},
    "oldest by name": {"nameContains": "-0-"},
    "no match": {"statusEquals": "Completed"},
}


def listed(name: str, count: str) -> Callable[[], object]:
    """List a page again and again."""
    store = filled(int(count))
    params = dict(PAGES[name])
    if "nextToken" in params:
        params["nextToken"] = listing.page(store.all(HERE), {"maxResults": int(count) - 100})[1]
    return lambda: [page(store, params) for _ in range(TIMES)]


WAYS = {name: partial(listed, name) for name in PAGES}


def rows(trial: Trial) -> Iterator[Row]:
    """List each page with both builds."""
    for name in PAGES:
        turns = trial.in_turn("listing", name, (), (trial.size(COUNT),), ROUNDS)
        yield turns.row(name, f"{name}, {BEFORE}")


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
