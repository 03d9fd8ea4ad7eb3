import logging
from dataclasses import replace

import pytest

from model_invocation_job.errors import (
    JobFailedError,
    JobMayExistError,
    NotYetPermittedError,
    SubmissionError,
)
from model_invocation_job.owner.identity import JobIdentity
from model_invocation_job.requests.request import JobRequest, WaitUntil

from .room import AGAIN, OTHER, PARAMETERS, REQUEST, Room


def test_create_stages_the_input_and_makes_one_job(room: Room) -> None:
    job = room.submit()
    assert room.jobs.created == [job.arn]
    assert room.staging.placed == list(REQUEST.staged)
    assert job.token == JobIdentity.of(REQUEST).token


@pytest.mark.parametrize("status", ["Submitted", "Validating", "Scheduled", "InProgress", "Completed", "Frozen"])
@pytest.mark.parametrize("request_", [REQUEST, AGAIN])
def test_a_wish_that_has_its_job_gets_that_job(room: Room, status: str, request_: JobRequest) -> None:
    arn = room.submit().arn
    room.jobs.set_status(arn, status)
    assert room.submit(request_).arn == arn
    assert room.jobs.created == [arn]


@pytest.mark.parametrize("status", ["Failed", "Stopped", "Expired", "PartiallyCompleted", "Stopping"])
def test_a_new_request_does_not_inherit_an_unsuccessful_job(room: Room, status: str) -> None:
    arn = room.submit().arn
    room.jobs.set_status(arn, status)
    assert room.submit(AGAIN).arn != arn


@pytest.mark.parametrize("status", ["Failed", "Stopped", "Expired"])
def test_the_same_request_never_starts_a_second_job(room: Room, status: str) -> None:
    arn = room.submit().arn
    room.jobs.message = "Batch job contains less records (1) than the required minimum of: 100"
    room.jobs.set_status(arn, status)
    with pytest.raises(JobFailedError, match="run_token"):
        room.submit()
    assert room.jobs.created == [arn]


@pytest.mark.parametrize(
    "other",
    [
        replace(AGAIN, run_token="2"),
        OTHER,
        replace(AGAIN, logical_id="Other"),
        replace(AGAIN, stack_id=REQUEST.stack_id + "2"),
    ],
)
def test_another_wish_is_another_job(room: Room, other: JobRequest) -> None:
    assert room.submit().arn != room.submit(other).arn


@pytest.mark.parametrize(
    "same",
    [
        replace(AGAIN, wait_until=WaitUntil.SUBMITTED),
        replace(AGAIN, stop_on_delete=False),
        replace(AGAIN, name_prefix="Renamed"),
        replace(AGAIN, parameters=dict(reversed(PARAMETERS.items()))),
    ],
)
def test_what_is_not_part_of_the_specification_makes_no_job(room: Room, same: JobRequest) -> None:
    assert room.submit().arn == room.submit(same).arn


@pytest.mark.parametrize(
    "disguise", [{"token": "f" * 98}, {"role_arn": "arn:aws:iam::000000000000:role/Foreign"}, {"output_uri": "s3://x/"}]
)
def test_a_foreign_job_with_our_name_is_never_adopted(room: Room, disguise: dict[str, str]) -> None:
    arn = room.submit().arn
    room.jobs.jobs[arn] = replace(room.jobs.jobs[arn], **disguise)
    assert room.submit(AGAIN).arn != arn


def test_a_taken_name_is_an_error_unless_the_job_is_ours(room: Room) -> None:
    room.jobs.refusals = [JobMayExistError("The provided job name is currently in use")]
    with pytest.raises(SubmissionError, match=r"there is no job .* of this resource"):
        room.submit()


def test_a_refusal_that_a_new_role_causes_is_waited_out_and_logged(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    room.jobs.refusals = [NotYetPermittedError("not authorized")] * 4
    with caplog.at_level(logging.INFO):
        assert room.submit().arn in room.jobs.created
    assert 0 < room.clock.seconds < 60
    assert sum("not authorized" in message for message in caplog.messages) == 4


def test_a_refusal_that_lasts_fails_within_the_bound_in_the_services_words(room: Room) -> None:
    room.jobs.refusals = [NotYetPermittedError("not authorized to perform: iam:PassRole")] * 100
    with pytest.raises(SubmissionError, match="iam:PassRole"):
        room.submit()
    assert room.clock.seconds == pytest.approx(60)
    assert not room.jobs.created


def test_a_refusal_for_good_is_not_tried_again(room: Room) -> None:
    room.jobs.refusals = [SubmissionError("The provided model identifier is invalid")]
    with pytest.raises(SubmissionError, match="model identifier"):
        room.submit()
    assert room.clock.seconds == 0


def test_without_time_nothing_is_submitted(room: Room) -> None:
    room.clock.sleep(860)
    with pytest.raises(SubmissionError, match="too little time"):
        room.submit()
    assert not room.jobs.created
