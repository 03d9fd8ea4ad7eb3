from dataclasses import replace

import pytest

from model_invocation_job.errors import (
    StopError,
)

from .fakes import ACCOUNT
from .room import AGAIN, OTHER, REQUEST, Room


@pytest.mark.parametrize("status", ["Submitted", "Validating", "Scheduled", "InProgress", "Frozen"])
def test_delete_stops_a_live_job_and_waits_for_its_end(room: Room, status: str) -> None:
    arn = room.submit().arn
    room.jobs.set_status(arn, status)
    room.delete(replace(AGAIN, physical_id=arn))
    assert room.jobs.stopped == [arn]
    assert room.jobs.jobs[arn].status == "Stopped"


@pytest.mark.parametrize("status", ["Completed", "PartiallyCompleted", "Failed", "Stopped", "Expired"])
def test_delete_leaves_a_finished_job(room: Room, status: str) -> None:
    arn = room.submit().arn
    room.jobs.set_status(arn, status)
    room.delete(replace(AGAIN, physical_id=arn))
    assert not room.jobs.stopped


def test_delete_finds_the_job_behind_an_id_that_cloudformation_made_up(room: Room) -> None:
    arn = room.submit().arn
    room.delete(replace(AGAIN, physical_id="Stack-Job-1ABCDEF"))
    assert room.jobs.stopped == [arn]


def test_delete_of_the_old_job_leaves_the_new_one(room: Room) -> None:
    old, new = room.submit().arn, room.submit(OTHER).arn
    room.delete(replace(REQUEST, request_id="third", physical_id=old))
    assert room.jobs.stopped == [old]
    assert room.jobs.jobs[new].status == "Submitted"


@pytest.mark.parametrize(
    "physical_id",
    [
        "None",
        "Stack-Job-1ABCDEF",
        f"arn:aws:bedrock:us-east-1:{ACCOUNT}:model-invocation-job/doesnotexist",
        "arn:aws:bedrock:us-east-1:999999999999:model-invocation-job/job000000000",
        "arn:aws:bedrock:eu-west-1:000000000000:model-invocation-job/job000000000",
    ],
)
def test_delete_of_what_never_was_is_a_success(room: Room, physical_id: str) -> None:
    room.delete(replace(REQUEST, physical_id=physical_id))
    assert not room.jobs.stopped
    assert room.clock.seconds == 0


def test_delete_never_touches_a_foreign_job(room: Room) -> None:
    arn = room.submit().arn
    room.jobs.jobs[arn] = replace(room.jobs.jobs[arn], token="f" * 98)
    room.delete(replace(REQUEST, physical_id=arn))
    assert not room.jobs.stopped


def test_delete_can_be_told_to_leave_the_job_running(room: Room) -> None:
    arn = room.submit().arn
    room.delete(replace(REQUEST, physical_id=arn, stop_on_delete=False))
    assert not room.jobs.stopped


def test_a_job_that_will_not_stop_is_reported(room: Room) -> None:
    arn = room.submit().arn
    room.jobs.script = ["InProgress"] * 1000
    with pytest.raises(StopError, match=r"job000000000 is still InProgress"):
        room.delete(replace(REQUEST, physical_id=arn))
    assert room.clock.seconds == pytest.approx(300)


def test_a_job_that_takes_long_to_stop_counts_as_stopped(room: Room) -> None:
    arn = room.submit().arn
    room.jobs.script = ["InProgress", *["Stopping"] * 1000]
    room.delete(replace(REQUEST, physical_id=arn))
    assert room.clock.seconds == pytest.approx(300)
