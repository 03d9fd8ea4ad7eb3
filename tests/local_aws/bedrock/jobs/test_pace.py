"""How long a job takes, by a clock that no test has to wait for."""

import math
import threading
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bedrock_local.bedrock.access.roles import RoleNotAssumableError, RoleSession
from bedrock_local.bedrock.execution.runner import Runner
from bedrock_local.bedrock.faults.faults import Faults
from bedrock_local.bedrock.jobs.behaviours import Behaviours
from bedrock_local.bedrock.jobs.job import Job
from bedrock_local.bedrock.jobs.pace import Pace
from bedrock_local.bedrock.jobs.quotas import Quotas
from bedrock_local.bedrock.jobs.status import Status
from bedrock_local.bedrock.models.backends import from_name
from bedrock_local.bedrock.models.model import Model
from bedrock_local.bedrock.signals.events import Event, Events
from bedrock_local.bedrock.signals.metrics import Metrics
from bedrock_local.names.place import Place

START = datetime(2026, 1, 1, tzinfo=UTC)
PLACE = Place("aws", "us-east-1", "123456789012")


class Clock:
    """Stands still but for those who wait; somebody stops the job at a time."""

    stop: datetime
    job: Job

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def wait(self, event: threading.Event, seconds: float) -> bool:
        end = self.now + timedelta(seconds=max(seconds, 0))
        if self.now <= self.stop <= end and not self.job.ended:
            self.now, self.stop = self.stop, START - timedelta(1)
            self.job.move(Status.STOPPING, self.now)
        else:
            self.now = end
        return event.is_set()


class NoRoles:
    """No role can be assumed."""

    def settled(self, role_arn: str) -> float:  # noqa: ARG002 -- see `ServiceRoles`
        return math.inf

    def assume(self, role_arn: str, *_: object) -> AbstractContextManager[RoleSession]:
        raise RoleNotAssumableError(f"The role {role_arn} does not exist.")


def live(pace: Pace, hours: int = 24, behaviours: Behaviours | None = None, stop: float = math.inf) -> Job:
    clock, faults = Clock(), Faults()
    request = {
        "jobName": "job",
        "roleArn": "arn",
        "timeoutDurationInHours": hours,
        "modelInvocationType": "InvokeModel",
    }
    job = Job("abcdefghwxyz", request, Model("arn", "model", ()), PLACE, START)
    told: list[Event] = []
    events, metrics = Events(told.append, faults), Metrics(lambda *_: None)
    clock.stop, clock.job = START + timedelta(seconds=min(stop, 1e9)), job
    behaviours = behaviours or Behaviours()
    Runner(NoRoles(), from_name("echo"), pace, Quotas(), clock, events, metrics, faults, behaviours).run(job)
    return job


def modified(job: Job) -> float:
    return (job.last_modified_time - START).total_seconds()


def seconds(job: Job) -> float:
    assert job.end_time
    return (job.end_time - START).total_seconds()


@pytest.mark.parametrize(
    ("speed", "expected"), [("real", 100), ("1", 100), ("20", 5), ("0.5", 200), ("instant", 0), (None, 1.5)]
)
def test_a_job_fails_its_validation_after_the_time_of_its_speed(speed: str | None, expected: float) -> None:
    job = live(Pace.at(speed))
    assert job.status is Status.FAILED
    assert seconds(job) == pytest.approx(expected)


@pytest.mark.parametrize("hours", [24, 168])
def test_a_job_that_does_not_start_in_its_hours_expires_to_the_second(hours: int) -> None:
    job = live(Pace(submitted=200 * 3600), hours)
    assert job.status is Status.EXPIRED
    assert modified(job) == hours * 3600


def test_as_recorded_its_end_time_is_minutes_after_its_submission() -> None:
    expired = live(replace(Pace.at("real"), submitted=200 * 3600))
    assert (seconds(expired), modified(expired)) == (240, 24 * 3600)
    same = live(replace(Pace.at("real"), submitted=200 * 3600), behaviours=Behaviours(end_time="same"))
    assert seconds(same) == modified(same) == 24 * 3600


@pytest.mark.parametrize("speed", ["real", "20", "instant", None])
def test_a_failed_job_shows_so_later_than_it_ended_and_within_what_is_recorded(speed: str | None) -> None:
    job = live(Pace.at(speed))
    assert 0 < modified(job) - seconds(job) <= 0.9
    if speed == "real":
        assert modified(job) - seconds(job) >= 0.028


@pytest.mark.parametrize(
    ("speed", "at", "least", "most"), [("real", 0.9, 21, 63), ("20", 0.9, 1.05, 3.15), ("instant", 0, 0, 0)]
)
def test_stopping_takes_as_long_as_recorded(speed: str, at: float, least: float, most: float) -> None:
    job = live(Pace.at(speed), stop=at)
    assert job.status is Status.STOPPED
    assert job.end_time is None
    assert least <= modified(job) <= most


def test_a_job_stopped_while_it_ends_is_stopped() -> None:
    job = live(Pace.at("real"), stop=100.2)
    assert (job.status, job.end_time, job.message) == (Status.STOPPED, None, "")


def test_the_hours_of_a_timeout_pass_as_fast_as_all_else() -> None:
    assert Pace.at("60").hour == 60
    assert Pace.at("real").hour == Pace.at("instant").hour == Pace.at(None).hour == 3600


@pytest.mark.parametrize("speed", ["fast", "0", "-1", "inf", "nan", ""])
def test_a_speed_that_is_none_says_which_there_are(speed: str) -> None:
    with pytest.raises(ValueError, match=f"a speed must be real, a number above 0 or instant, got '{speed}'"):
        Pace.at(speed)
