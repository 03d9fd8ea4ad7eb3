from dataclasses import replace

import pytest

from model_invocation_job.clock import Deadline
from model_invocation_job.errors import (
    JobFailedError,
    JobMayExistError,
    NotWantedError,
    NotYetPermittedError,
    StopError,
    SubmissionError,
)
from model_invocation_job.identity import JobIdentity
from model_invocation_job.jobs import Job
from model_invocation_job.lifecycle import Lifecycle
from model_invocation_job.request import JobRequest, StagedObject, WaitUntil
from model_invocation_job.stopping import Stopping

from .fakes import ACCOUNT, FakeClock, InMemoryJobs, InMemoryStacks, InMemoryStaging

PARAMETERS = {
    "modelId": "amazon.nova-lite-v1:0",
    "roleArn": f"arn:aws:iam::{ACCOUNT}:role/Job",
    "inputDataConfig": {"s3InputDataConfig": {"s3Uri": "s3://in/a.jsonl"}},
    "outputDataConfig": {"s3OutputDataConfig": {"s3Uri": "s3://out/"}},
}
REQUEST = JobRequest(
    stack_id=f"arn:aws:cloudformation:us-east-1:{ACCOUNT}:stack/Stack/guid",
    logical_id="Job",
    request_id="first",
    physical_id=None,
    parameters=PARAMETERS,
    name_prefix="Stack-Job",
    run_token="",
    staged=(StagedObject("s3://assets/a", "s3://in/a.jsonl"),),
)
AGAIN = replace(REQUEST, request_id="second")
OTHER = replace(REQUEST, request_id="second", parameters={**PARAMETERS, "modelId": "amazon.nova-pro-v1:0"})


class Room:
    """A lifecycle with everything that it was given."""

    def __init__(self) -> None:
        self.jobs, self.staging, self.clock = InMemoryJobs(), InMemoryStaging(), FakeClock()
        self.stacks = InMemoryStacks()
        self.stopping = Stopping(self.jobs)
        self.lifecycle = Lifecycle(self.jobs, self.staging, self.stacks, self.stopping)
        self.deadline = Deadline.after(self.clock, 860)

    def submit(self, request: JobRequest = REQUEST) -> Job:
        return self.lifecycle.submit(request, self.deadline)

    def delete(self, request: JobRequest) -> None:
        self.stopping.stop_owned(request, self.deadline)


@pytest.fixture
def room() -> Room:
    return Room()


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
    room.lifecycle.stop_unknown(replace(OTHER, physical_id=known), room.deadline)
    assert room.jobs.stopped == [unknown]


@pytest.mark.parametrize("status", ["UPDATE_COMPLETE", ""])
def test_an_update_that_nobody_is_known_to_wait_for_stops_nothing(room: Room, status: str) -> None:
    known, _ = room.submit().arn, room.submit(OTHER)
    room.stacks.status = status
    room.lifecycle.stop_unknown(replace(OTHER, physical_id=known), room.deadline)
    assert not room.jobs.stopped


def test_a_job_is_kept_where_it_cannot_be_found_out_whether_it_is_wanted(room: Room) -> None:
    room.stacks.status = ""
    assert room.submit().arn in room.jobs.created
    assert not room.jobs.stopped


def test_a_refusal_that_a_new_role_causes_is_waited_out(room: Room) -> None:
    room.jobs.refusals = [NotYetPermittedError("not authorized")] * 4
    assert room.submit().arn in room.jobs.created
    assert 0 < room.clock.seconds < 60


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


def test_watching_ends_when_the_job_has_been_validated(room: Room) -> None:
    job = room.submit()
    room.jobs.script = ["Submitted", "Validating", "Scheduled"]
    assert room.lifecycle.watch(job, REQUEST, room.deadline).status == "Scheduled"


def test_watching_ends_at_its_own_limit_with_a_healthy_job(room: Room) -> None:
    request = replace(REQUEST, wait_timeout=7)
    assert room.lifecycle.watch(room.submit(), request, room.deadline).status == "Submitted"
    assert room.clock.seconds == pytest.approx(7)


def test_a_job_that_fails_validation_fails_with_bedrocks_message(room: Room) -> None:
    job = room.submit()
    room.jobs.message = "Batch job contains less records (1) than the required minimum of: 100"
    room.jobs.script = ["Validating", "Failed"]
    with pytest.raises(JobFailedError, match=r"Correct the cause.*job000000000: Batch job contains less records \(1\)"):
        room.lifecycle.watch(job, REQUEST, room.deadline)


def test_submitted_does_not_look_at_the_state(room: Room) -> None:
    job = room.submit()
    room.jobs.script = ["Failed"]
    request = replace(REQUEST, wait_until=WaitUntil.SUBMITTED)
    assert room.lifecycle.watch(job, request, room.deadline).status == "Submitted"
    assert room.clock.seconds == 0


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
