"""ListModelInvocationJobs: every filter, both orders, pages, and tokens that nobody gave out."""

import base64
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from bedrock_local.bedrock.api.listing import page
from bedrock_local.bedrock.jobs.job import Job
from bedrock_local.bedrock.jobs.status import Status
from bedrock_local.bedrock.jobs.store import position
from bedrock_local.bedrock.models.model import Model
from bedrock_local.bedrock.service_model.validation import service_model
from bedrock_local.names.place import Place
from tests.local_aws.conftest import LocalAws, records

FILTERS = {"statusEquals", "nameContains", "submitTimeAfter", "submitTimeBefore", "sortBy", "sortOrder"}
START = datetime(2026, 1, 1, tzinfo=UTC)


def names(answer: dict[str, Any]) -> list[str]:
    return [job["jobName"] for job in answer["invocationJobSummaries"]]


def jobs(*seconds: int) -> list[Job]:
    model, place = Model("arn:m", "m"), Place("aws", "us-east-1", "000000000000")
    made = [
        Job(f"job{index:09}", {"jobName": f"job-{index}"}, model, place, START + timedelta(seconds=second))
        for index, second in enumerate(seconds)
    ]
    return sorted(made, key=position)


def ids(found: list[Job]) -> list[str]:
    return [job.name for job in found]


def test_there_is_no_filter_that_this_file_does_not_know() -> None:
    shape = service_model().operation_model("ListModelInvocationJobs").input_shape
    assert shape
    assert set(shape.members) == FILTERS | {"maxResults", "nextToken"}


def test_list_pages_through_all_jobs_once_newest_first(aws: LocalAws) -> None:
    prefix = uuid.uuid4().hex
    made = [f"{prefix}-{n}" for n in range(5)]
    for name in made:
        aws.bedrock.create_model_invocation_job(**aws.request(jobName=name))
    paginator = aws.bedrock.get_paginator("list_model_invocation_jobs")
    pages = [names(page) for page in paginator.paginate(nameContains=prefix, PaginationConfig={"PageSize": 2})]
    assert [len(page) for page in pages] == [2, 2, 1]
    listed = [name for page in pages for name in page]
    assert sorted(listed) == made
    order = {"sortBy": "CreationTime", "sortOrder": "Ascending"}
    ascending = aws.bedrock.list_model_invocation_jobs(nameContains=prefix, **order)
    assert names(ascending) == listed[::-1]


def test_list_filters_by_time_and_status(aws: LocalAws) -> None:
    bucket = aws.bucket({"in.jsonl": records(1)})
    job = aws.end(aws.start(bucket))
    only = {"nameContains": job["jobName"]}
    before, after = job["submitTime"] - timedelta(seconds=1), job["submitTime"] + timedelta(seconds=1)
    for found, filters in (
        (True, {"submitTimeAfter": before, "submitTimeBefore": after, "statusEquals": "Failed"}),
        (False, {"submitTimeAfter": after}),
        (False, {"submitTimeBefore": before}),
        (False, {"statusEquals": "Completed"}),
    ):
        assert bool(names(aws.bedrock.list_model_invocation_jobs(**only, **filters))) is found


@pytest.mark.parametrize(
    "token",
    [
        "no",
        "%%%",
        base64.urlsafe_b64encode(b"no").decode(),
        base64.urlsafe_b64encode(b"\xff").decode(),
        base64.urlsafe_b64encode(b"2026-01-01 abcdefghijkl").decode(),
    ],
)
def test_a_made_up_token_is_refused(aws: LocalAws, token: str) -> None:
    with pytest.raises(ClientError) as error:
        aws.bedrock.list_model_invocation_jobs(nextToken=token)
    assert error.value.response["Error"]["Code"] == "ValidationException"


@pytest.mark.parametrize("order", ["Ascending", "Descending"])
@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_pages_neither_repeat_nor_skip_jobs_of_one_millisecond_or_new_ones(order: str, size: int) -> None:
    all_jobs, listed, token = jobs(0, 0, 0, 1, 1, 2), [], None
    expected = ids(all_jobs if order == "Ascending" else all_jobs[::-1])
    for _ in expected:
        params = {"sortOrder": order, "maxResults": size, **({"nextToken": token} if token else {})}
        found, token = page(all_jobs, params)
        listed += ids(found)
        # As newest first pages go on, younger jobs come to be.
        if order == "Descending":
            all_jobs = [*all_jobs, *jobs(9)]
        if token is None:
            break
    assert listed == expected


def test_filters_apply_before_pages() -> None:
    all_jobs = jobs(*range(6))
    for job in all_jobs[::2]:
        job.move(Status.FAILED, START)
    found, token = page(all_jobs, {"statusEquals": "Failed", "maxResults": 2})
    assert (ids(found), bool(token)) == (["job-4", "job-2"], True)
    found, token = page(all_jobs, {"statusEquals": "Failed", "maxResults": 2, "nextToken": token})
    assert (ids(found), token) == (["job-0"], None)
