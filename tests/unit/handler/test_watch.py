from dataclasses import replace

import pytest

from model_invocation_job.errors import (
    JobFailedError,
)
from model_invocation_job.requests.request import WaitUntil

from .room import REQUEST, Room


def test_watching_ends_when_the_job_has_been_validated(room: Room) -> None:
    job = room.submit()
    room.jobs.script = ["Submitted", "Validating", "Scheduled"]
    assert room.watching.follow(job, REQUEST, room.deadline).status == "Scheduled"


def test_watching_ends_at_its_own_limit_with_a_healthy_job(room: Room) -> None:
    request = replace(REQUEST, wait_timeout=7)
    assert room.watching.follow(room.submit(), request, room.deadline).status == "Submitted"
    assert room.clock.seconds == pytest.approx(7)


def test_a_job_that_fails_validation_fails_with_bedrocks_message(room: Room) -> None:
    room.jobs.message = "Batch job contains less records (1) than the required minimum of: 100"
    room.jobs.script = ["Validating", "Failed"]
    with pytest.raises(JobFailedError, match=r"Correct the cause.*job000000000: Batch job contains less records \(1\)"):
        room.provision.provide(REQUEST, room.demand(REQUEST), room.deadline)


def test_submitted_does_not_look_at_the_state(room: Room) -> None:
    job = room.submit()
    room.jobs.script = ["Failed"]
    request = replace(REQUEST, wait_until=WaitUntil.SUBMITTED)
    assert room.watching.follow(job, request, room.deadline).status == "Submitted"
    assert room.clock.seconds == 0
