"""A job that an earlier stack left running: which of them a stack of the same name takes, and how it knows."""

from dataclasses import replace

import pytest

from model_invocation_job.errors import NotYetPermittedError, SubmissionError, ThrottledError, UnavailableError
from model_invocation_job.owner.left_running import TAG

from .fakes import ACCOUNT
from .function import Function
from .left_jobs import MADE_AGAIN, OWNED, delete, left, make_again
from .room import PARAMETERS


@pytest.mark.parametrize("status", ["InProgress", "Scheduled", "Completed"])
def test_a_stack_that_is_made_again_takes_it(function: Function, status: str) -> None:
    job = left(function, status)
    make_again(function)
    assert function.endpoint.answer["PhysicalResourceId"] == job
    assert function.jobs.created == [job]
    assert function.jobs.tagged[job] == {}


def test_a_role_that_was_made_again_is_no_other_wish(function: Function) -> None:
    job = left(function)
    make_again(function, Job={**PARAMETERS, "roleArn": f"arn:aws:iam::{ACCOUNT}:role/Again"})
    assert function.endpoint.answer["PhysicalResourceId"] == job


def test_an_event_that_comes_again_finds_what_it_has_adopted(function: Function) -> None:
    job = left(function)
    make_again(function)
    make_again(function)
    assert [answer["PhysicalResourceId"] for answer in function.answers] == [job, job]
    assert function.jobs.created == [job]


def test_what_cannot_be_remembered_is_not_adopted(function: Function) -> None:
    job = left(function)
    function.waits.refusals["note"] = [UnavailableError("no table")] * 100
    make_again(function)
    assert function.endpoint.answer["Status"] == "FAILED"
    assert function.jobs.tagged[job] == {TAG: "Stack"}


@pytest.mark.parametrize(
    "other",
    [
        {"Job": {**PARAMETERS, "modelId": "amazon.nova-pro-v1:0"}},
        {"Job": {**PARAMETERS, "outputDataConfig": {"s3OutputDataConfig": {"s3Uri": "s3://elsewhere/"}}}},
        {"RunToken": "2"},
        {"JobNamePrefix": "Words-ffffffff"},
        {"JobNamePrefix": "Words"},
        {"WaitUntil": "SUBMITTED"},
    ],
)
def test_another_wish_does_not_take_it(function: Function, other: dict[str, object]) -> None:
    job = left(function)
    make_again(function, **other)
    assert function.jobs.created == [job, function.job]
    assert function.job != job


@pytest.mark.parametrize("tags", [{}, {TAG: "AnotherStack"}])
def test_a_job_that_was_not_left_is_not_taken(function: Function, tags: dict[str, str]) -> None:
    job = left(function)
    function.jobs.tagged[job] = tags
    make_again(function)
    assert len(function.jobs.created) == 2


@pytest.mark.parametrize("status", ["Failed", "Stopping", "Stopped", "Expired", "PartiallyCompleted"])
def test_a_job_that_comes_to_nothing_is_not_taken(function: Function, status: str) -> None:
    left(function, status)
    make_again(function)
    assert len(function.jobs.created) == 2


def test_a_part_is_taken_where_it_is_enough(function: Function) -> None:
    job = left(function, "PartiallyCompleted", AcceptPartialCompletion="true")
    make_again(function, AcceptPartialCompletion="true")
    assert function.endpoint.answer["PhysicalResourceId"] == job


def test_a_job_that_is_over_and_shows_no_tags_is_not_taken(function: Function) -> None:
    left(function, "Completed")
    function.jobs.tag_refusals = [SubmissionError("no tags")]
    make_again(function)
    assert len(function.jobs.created) == 2


@pytest.mark.parametrize("of", ["Stack", "AnotherStack"])
def test_the_index_knows_the_tags_of_a_job_that_is_over(function: Function, of: str) -> None:
    job = left(function, "Completed")
    function.resource_tags.tagged[job] = {TAG: of}
    function.jobs.tag_refusals = [SubmissionError("no tags")] * 100
    make_again(function)
    assert (function.job == job) is (of == "Stack")


def test_the_index_is_not_asked_for_a_job_that_runs(function: Function) -> None:
    """It may be late."""
    left(function)
    make_again(function)
    assert function.resource_tags.asked == []


@pytest.mark.parametrize(
    "refusal", [NotYetPermittedError("no right"), ThrottledError("too many"), UnavailableError("")]
)
def test_an_index_that_refuses_leaves_it_to_bedrock(function: Function, refusal: Exception) -> None:
    job = left(function, "Completed")
    function.resource_tags.refusals = [refusal]
    make_again(function)
    assert function.answers[-1]["PhysicalResourceId"] == job


def test_a_tag_that_cannot_be_taken_away_fails_nothing(function: Function) -> None:
    job = left(function, "Completed")
    function.resource_tags.tagged[job] = {TAG: "Stack"}
    function.jobs.tag_refusals = [SubmissionError("it is over")] * 100
    make_again(function)
    assert function.endpoint.answer["PhysicalResourceId"] == job


def test_an_adopted_job_is_the_resources_from_then_on(function: Function) -> None:
    job = left(function)
    make_again(function)
    function.stacks.status, function.stacks.physical_id = "UPDATE_IN_PROGRESS", job
    function.send(
        RequestType="Update",
        StackId=MADE_AGAIN,
        RequestId="update",
        PhysicalResourceId=job,
        ResourceProperties={**OWNED, "WaitTimeoutSeconds": "100"},
        OldResourceProperties=OWNED,
    )
    delete(function, job, StackId=MADE_AGAIN, ResourceProperties=OWNED)
    assert [answer["PhysicalResourceId"] for answer in function.answers] == [job] * 3
    assert function.jobs.created == [job]
    assert function.jobs.stopped == [job]


def test_a_roll_back_comes_back_to_an_adopted_job(function: Function) -> None:
    job = left(function, "Completed")
    make_again(function)
    function.stacks.status, function.stacks.own = "UPDATE_IN_PROGRESS", "UPDATE_IN_PROGRESS"
    other = {**OWNED, "RunToken": "2"}
    update = {"RequestType": "Update", "StackId": MADE_AGAIN}
    function.send(
        **update, RequestId="there", PhysicalResourceId=job, ResourceProperties=other, OldResourceProperties=OWNED
    )
    new = function.job
    function.jobs.set_status(new, "Scheduled")
    function.look()
    function.stacks.own = "UPDATE_ROLLBACK_IN_PROGRESS"
    function.send(
        **update, RequestId="back", PhysicalResourceId=new, ResourceProperties=OWNED, OldResourceProperties=other
    )
    assert [answer["PhysicalResourceId"] for answer in function.answers] == [job, new, job]


def test_a_job_of_somebody_elses_token_is_never_taken(function: Function) -> None:
    job = left(function)
    function.jobs.jobs[job] = replace(function.jobs.jobs[job], token="f" * 98)
    make_again(function)
    assert len(function.jobs.created) == 2
