from dataclasses import replace

import pytest

from model_invocation_job.errors import (
    NotWantedError,
)

from .room import OTHER, REQUEST, Room


def test_a_job_that_nobody_wants_any_more_is_stopped(room: Room) -> None:
    room.stacks.status = "DELETE_IN_PROGRESS"
    with pytest.raises(NotWantedError, match="gave up"):
        room.submit()
    assert room.jobs.stopped == room.jobs.created


def test_a_late_delivery_keeps_the_job_that_cloudformation_knows(room: Room) -> None:
    room.stacks.physical_id = room.submit().arn
    room.stacks.status = "CREATE_COMPLETE"
    assert room.submit().arn == room.stacks.physical_id
    assert not room.jobs.stopped


def test_a_late_delivery_stops_the_job_that_cloudformation_does_not_know(room: Room) -> None:
    arn = room.submit().arn
    room.stacks.status, room.stacks.physical_id = "UPDATE_COMPLETE", "another"
    with pytest.raises(NotWantedError):
        room.submit()
    assert room.jobs.stopped == [arn]


@pytest.mark.parametrize(
    ("directions", "kept"), [([False, True], False), ([False, False], True), ([True, True], True), ([None, True], True)]
)
def test_an_update_that_is_rolled_back_meanwhile_keeps_no_job(
    room: Room, directions: list[bool | None], kept: object
) -> None:
    room.stacks.directions = directions
    request = replace(REQUEST, physical_id="before")
    if kept:
        assert room.submit(request).arn in room.jobs.created
    else:
        with pytest.raises(NotWantedError):
            room.submit(request)
    assert bool(room.jobs.stopped) != kept


def test_what_a_cancelled_update_began_is_stopped_and_nothing_else(room: Room) -> None:
    known, unknown = room.submit().arn, room.submit(OTHER).arn
    room.stacks.physical_id = known
    room.lifecycle.stop_unknown(replace(OTHER, physical_id=known), room.deadline)
    assert room.jobs.stopped == [unknown]


@pytest.mark.parametrize(("status", "is_known"), [("UPDATE_COMPLETE", True), ("", True), ("UPDATE_IN_PROGRESS", False)])
def test_an_update_that_nobody_is_known_to_wait_for_stops_nothing(room: Room, status: str, is_known: object) -> None:
    known, _ = room.submit().arn, room.submit(OTHER)
    room.stacks.status, room.stacks.physical_id = status, known if is_known else "another"
    room.lifecycle.stop_unknown(replace(OTHER, physical_id=known), room.deadline)
    assert not room.jobs.stopped


def test_a_job_is_kept_where_it_cannot_be_found_out_whether_it_is_wanted(room: Room) -> None:
    room.stacks.status = ""
    assert room.submit().arn in room.jobs.created
    assert not room.jobs.stopped
