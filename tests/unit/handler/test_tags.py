import pytest

from model_invocation_job.errors import JobError, NotYetPermittedError, SubmissionError

from .room import AGAIN, OTHER, REQUEST, Room, replace

TAGGED = replace(
    REQUEST,
    request_id="second",
    parameters={**REQUEST.parameters, "tags": [{"key": "team", "value": "blue"}, {"key": "stage", "value": "prod"}]},
)
WANTED = {"team": "blue", "stage": "prod"}


@pytest.fixture
def arn(room: Room) -> str:
    return room.submit().arn


@pytest.mark.parametrize(
    ("present", "calls"),
    [
        ({}, ["list", "tag"]),
        (WANTED, ["list"]),
        ({**WANTED, "old": "1"}, ["list", "untag"]),
        ({"team": "red", "old": "1"}, ["list", "untag", "tag"]),
        ({**WANTED, "aws:createdBy": "AWS"}, ["list"]),
    ],
)
def test_a_kept_job_gets_the_tags_of_the_request(
    room: Room, arn: str, present: dict[str, str], calls: list[str]
) -> None:
    room.jobs.tagged[arn] = dict(present)
    kept = room.keep(replace(TAGGED, physical_id=arn))
    assert kept
    assert kept.arn == arn
    assert {key: value for key, value in room.jobs.tagged[arn].items() if not key.startswith("aws:")} == WANTED
    assert room.jobs.tag_calls == calls
    assert room.jobs.created == [arn]


def test_an_adopted_job_gets_the_tags_of_the_request(room: Room, arn: str) -> None:
    room.stacks.status = "CREATE_IN_PROGRESS"
    assert room.submit(TAGGED).arn == arn
    assert room.jobs.tagged[arn] == WANTED


def test_a_new_job_is_made_with_its_tags(room: Room) -> None:
    assert room.jobs.tagged[room.submit(TAGGED).arn] == WANTED
    assert not room.jobs.tag_calls


def test_a_request_that_nobody_waits_for_changes_no_tags(room: Room, arn: str) -> None:
    room.stacks.status, room.stacks.physical_id = "UPDATE_COMPLETE", arn
    assert room.keep(replace(TAGGED, physical_id=arn))
    assert room.jobs.tag_calls == ["list"]


def test_a_refusal_about_a_live_job_is_waited_out_and_then_raised(room: Room, arn: str) -> None:
    room.jobs.tag_refusals = [NotYetPermittedError("not authorized")] * 3
    assert room.keep(replace(TAGGED, physical_id=arn))
    room.jobs.tag_refusals = [NotYetPermittedError("not authorized")] * 100
    with pytest.raises(SubmissionError, match="not authorized"):
        room.keep(replace(TAGGED, physical_id=arn))


@pytest.mark.parametrize("status", ["Completed", "Failed", "Stopped", "Expired", "PartiallyCompleted"])
def test_a_refusal_about_a_job_that_is_over_is_let_pass_at_once(room: Room, arn: str, status: str) -> None:
    room.jobs.set_status(arn, status)
    room.jobs.tag_refusals = [JobError("not found")]
    assert room.keep(replace(TAGGED, physical_id=arn))
    assert room.clock.seconds == 0


def test_a_refusal_in_a_roll_back_is_let_pass(room: Room, arn: str) -> None:
    room.stacks.directions = [True]
    room.jobs.tag_refusals = [JobError("not authorized")]
    assert room.keep(replace(TAGGED, physical_id=arn))


def test_a_job_that_cannot_be_found_keeps_its_id_as_long_as_nothing_else_is_asked_for(room: Room, arn: str) -> None:
    room.jobs.jobs.clear()
    kept = room.keep(replace(AGAIN, physical_id=arn))
    assert kept
    assert kept.arn == arn
    assert room.keep(replace(OTHER, physical_id=arn)) is None
