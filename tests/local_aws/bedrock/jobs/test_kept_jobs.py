"""How many jobs are kept, and what becomes of the others."""

import gc
import weakref
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from botocore.exceptions import ClientError

from bedrock_local.bedrock.jobs.behaviours import Behaviours
from bedrock_local.bedrock.jobs.clock import utc_now
from bedrock_local.bedrock.jobs.job import Job
from bedrock_local.bedrock.jobs.quotas import Quotas
from bedrock_local.bedrock.jobs.status import Status
from bedrock_local.bedrock.jobs.store import JobStore
from bedrock_local.bedrock.models.model import Model
from bedrock_local.bedrock.service_model.errors import ConflictException
from bedrock_local.names.job_arn import new_job_id
from bedrock_local.names.place import Place
from tests.local_aws.conftest import MODEL, MODEL_ARN, LocalAws, records, serve

HERE = Place("aws", "us-east-1", "000000000000")
#: No two jobs in the same millisecond.
TIMES = (utc_now() + timedelta(seconds=number) for number in count())
THERE = Place("aws", "eu-west-1", "000000000000")


def add(store: JobStore, name: str, place: Place = HERE, *, over: bool = True, token: str = "") -> Job:
    request = {"jobName": name, "clientRequestToken": token or name, "timeoutDurationInHours": 24, "roleArn": "any"}
    model = Model(MODEL_ARN, MODEL)
    job, _ = store.add(request, place, lambda: Job(new_job_id(), request, model, place, next(TIMES)))
    if over:
        job.move(Status.FAILED, utc_now())
    return job


def names(store: JobStore, place: Place = HERE) -> list[str]:
    return [job.name for job in store.all(place)]


def test_the_oldest_that_are_over_are_forgotten_whole() -> None:
    store = JobStore(Quotas(kept_jobs=3), Behaviours())
    forgotten = weakref.ref(add(store, "a"))
    arn = str(forgotten() and forgotten().arn)  # type: ignore[union-attr]
    for name in "bcd":
        add(store, name)
    gc.collect()
    assert names(store) == ["b", "c", "d"]
    assert forgotten() is None
    assert store.find(arn, HERE) is None
    # Name and token are free.
    add(store, "a")
    assert names(store) == ["c", "d", "a"]


def test_one_that_lives_is_never_forgotten() -> None:
    store = JobStore(Quotas(kept_jobs=2), Behaviours())
    for name in "abc":
        add(store, name, over=False)
    add(store, "d")
    assert names(store) == ["a", "b", "c", "d"]
    add(store, "e")
    assert names(store) == ["a", "b", "c", "e"]


def test_a_forgotten_job_takes_no_name_from_a_newer_one() -> None:
    store = JobStore(Quotas(kept_jobs=2), Behaviours(name_of_ended_job="free"))
    add(store, "a", token="first")
    add(store, "a", token="second", over=False)
    add(store, "b")
    assert names(store) == ["a", "b"]
    with pytest.raises(ConflictException, match="currently in use"):
        add(store, "a", token="third")


def test_each_account_and_region_keeps_its_own() -> None:
    store = JobStore(Quotas(kept_jobs=1), Behaviours())
    for name in "ab":
        add(store, name)
        add(store, name, THERE)
    assert (names(store), names(store, THERE)) == (["b"], ["b"])


def test_a_forgotten_job_is_not_found_over_http() -> None:
    def get(aws: LocalAws, arn: str) -> dict[str, Any]:
        found: dict[str, Any] = aws.bedrock.get_model_invocation_job(jobIdentifier=arn)
        return found

    with serve(quotas="Quotas(kept_jobs=1)") as aws:
        bucket = aws.bucket({"in.jsonl": records()})
        first = aws.start(bucket)
        aws.end(first)
        second = aws.start(bucket)
        assert aws.end(second)["status"] == "Completed"
        listed = aws.bedrock.list_model_invocation_jobs()["invocationJobSummaries"]
        assert [job["jobArn"] for job in listed] == [second]
        with pytest.raises(ClientError, match="not found"):
            get(aws, first)
