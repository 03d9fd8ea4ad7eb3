"""A Delete in a roll-back finds a job whose own wait is over, or nearly: it goes on, as its results would say."""

import pytest

from model_invocation_job.errors import NotYetPermittedError, SubmissionError, UnavailableError
from model_invocation_job.owner.left_running import TAG

from .function import FINISHED, Function

LEAVING = {**FINISHED, "LeaveRunning": "true"}


def roll_back(
    function: Function, after: float, status: str | None = "ROLLBACK_IN_PROGRESS", **properties: object
) -> str:
    """Delete the resource of a job so many seconds after its wait began; return the job."""
    job = function.finish(**{**LEAVING, **properties})
    function.clock.seconds = after
    function.stacks.own = status
    function.send(
        RequestType="Delete",
        RequestId="delete",
        PhysicalResourceId=job,
        ResourceProperties={**LEAVING, **properties},
    )
    assert function.endpoint.answer["Status"] == "SUCCESS"
    return job


@pytest.mark.parametrize("after", [43_200 - 180 - 299, 43_200, 50_000])
@pytest.mark.parametrize("status", ["ROLLBACK_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS"])
def test_a_job_whose_wait_is_nearly_over_goes_on(function: Function, after: float, status: str) -> None:
    job = roll_back(function, after, status)
    assert not function.jobs.stopped
    assert function.jobs.tagged[job] == {TAG: "Stack"}


def test_a_job_that_has_more_of_its_wait_before_it_is_stopped(function: Function) -> None:
    job = roll_back(function, 43_200 - 180 - 310)
    assert function.jobs.stopped == [job]


def test_a_short_wait_is_not_nearly_over_when_it_begins(function: Function) -> None:
    job = roll_back(function, 10, WaitTimeoutSeconds="200")
    assert function.jobs.stopped == [job]


@pytest.mark.parametrize("status", ["DELETE_IN_PROGRESS", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", None])
def test_who_takes_a_stack_or_a_job_away_wants_its_end(function: Function, status: str | None) -> None:
    job = roll_back(function, 43_200, status)
    assert function.jobs.stopped == [job]


def test_a_job_whose_needs_go_with_the_stack_is_stopped(function: Function) -> None:
    job = roll_back(function, 43_200, LeaveRunning="false")
    assert function.jobs.stopped == [job]


@pytest.mark.parametrize("refusal", [NotYetPermittedError("no"), UnavailableError("no"), SubmissionError("no")])
def test_a_wait_that_cannot_be_read_is_not_over(function: Function, refusal: Exception) -> None:
    function.waits.refusals["get"] = []
    job = function.finish(**LEAVING)
    function.waits.refusals["get"] = [refusal] * 200
    function.clock.seconds, function.stacks.own = 43_200, "ROLLBACK_IN_PROGRESS"
    function.send(RequestType="Delete", RequestId="delete", PhysicalResourceId=job, ResourceProperties=LEAVING)
    assert function.jobs.stopped == [job]


def test_a_job_that_cannot_be_marked_is_stopped(function: Function) -> None:
    job = function.finish(**LEAVING)
    function.jobs.tag_refusals = [SubmissionError("no tags")] * 200
    function.clock.seconds, function.stacks.own = 43_200, "ROLLBACK_IN_PROGRESS"
    function.send(RequestType="Delete", RequestId="delete", PhysicalResourceId=job, ResourceProperties=LEAVING)
    assert function.jobs.stopped == [job]
