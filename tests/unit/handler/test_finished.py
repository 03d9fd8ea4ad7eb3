"""A job that is to be finished: its resource is answered early, and a condition is told of the job's end."""

import pytest

from model_invocation_job.errors import NotYetPermittedError, UnavailableError

from .fakes import EPOCH
from .function import FINISHED, Function
from .room import REQUEST

WAITING = "Condition12"


def waits(function: Function) -> set[str]:
    return {name for _, name in function.waits.items}


def test_its_resource_is_answered_when_it_is_validated_and_its_end_is_waited_for(function: Function) -> None:
    function.jobs.script = ["Submitted", "Scheduled"]
    function.create(**FINISHED)
    assert function.endpoint.answer["Data"]["JobStatus"] == "Scheduled"
    ((wait, seconds),) = function.looks.started
    assert (wait.job, wait.name, wait.stack, seconds) == (function.job, WAITING, REQUEST.stack_id, 3)
    assert waits(function) == {WAITING, "until"}


@pytest.mark.parametrize(("seconds", "until"), [("7200", 7200), ("43200", 43200 - 180)])
def test_the_wait_ends_before_the_condition_gives_up(function: Function, seconds: str, until: int) -> None:
    job = function.finish(WaitTimeoutSeconds=seconds)
    assert function.waits.items[job, "until"].until == EPOCH + int(function.clock.seconds) + until
    assert function.waits.items[job, WAITING].until == function.waits.items[job, "until"].until


def test_its_validation_is_waited_for_as_long_as_any_others(function: Function) -> None:
    function.create(**FINISHED)
    ((held, _),) = function.looks.started
    assert held.until == EPOCH + 600
    assert waits(function) == {"Job#request"}
    function.jobs.set_status(function.job, "Scheduled")
    assert function.look()["over"]
    assert function.endpoint.answer["Status"] == "SUCCESS"
    assert waits(function) == {WAITING, "until"}


def test_a_job_that_fails_validation_is_waited_for_by_nobody(function: Function) -> None:
    function.jobs.script = ["Failed"]
    function.create(**FINISHED)
    assert function.endpoint.answer["Status"] == "FAILED"
    assert not function.looks.started


def test_a_wait_that_is_refused_at_first_is_begun_when_the_role_is_older(function: Function) -> None:
    function.waits.refusals["put"] = [NotYetPermittedError("young")] * 3
    function.finish()
    assert waits(function) == {WAITING, "until"}


@pytest.mark.parametrize("refused", ["put", "start"])
def test_a_wait_that_cannot_be_begun_fails_at_once_under_the_jobs_id(function: Function, refused: str) -> None:
    refusals = [UnavailableError("no answer")] * 100
    function.waits.refusals["put"] = refusals if refused == "put" else []
    function.looks.refusals = refusals if refused == "start" else []
    function.jobs.script = ["Scheduled"]
    function.create(**FINISHED)
    assert function.endpoint.answer["Status"] == "FAILED"
    assert "no answer" in function.endpoint.answer["Reason"]
    assert function.endpoint.answer["PhysicalResourceId"] == function.job


def test_a_function_without_a_table_says_so(function: Function) -> None:
    vars(function.parts).update(waits=None)
    function.jobs.script = ["Scheduled"]
    function.create(**FINISHED)
    assert "WAITS_TABLE" in function.endpoint.answer["Reason"]


def test_a_roll_back_waits_for_nothing_and_fails_for_nothing(function: Function) -> None:
    job = function.finish()
    function.stacks.status, function.stacks.own = "UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_IN_PROGRESS"
    function.waits.refusals["note"] = [UnavailableError("no table")] * 100
    left = {"RoleName": "Role"}
    function.send(
        RequestType="Update",
        RequestId="taking it back",
        PhysicalResourceId=job,
        ResourceProperties={**FINISHED, "LeftBehind": left},
        OldResourceProperties=FINISHED,
    )
    assert function.endpoint.answer["Status"] == "SUCCESS"
    assert len(function.looks.started) == 1


def test_an_event_that_comes_again_begins_no_later_wait(function: Function) -> None:
    job = function.finish()
    until = function.waits.items[job, WAITING].until
    function.clock.sleep(100)
    function.finish()
    assert function.waits.items[job, WAITING].until == until
    assert function.looks.started[0] == function.looks.started[1]


def test_another_request_begins_another_wait(function: Function) -> None:
    job = function.finish()
    until = function.waits.items[job, WAITING].until
    function.clock.sleep(100)
    function.send(
        RequestType="Update",
        RequestId="later",
        PhysicalResourceId=job,
        ResourceProperties=FINISHED,
        OldResourceProperties=FINISHED,
    )
    assert function.waits.items[job, WAITING].until == until + 100


def test_a_condition_that_is_not_there_yet_is_looked_for_soon_and_ever_later(function: Function) -> None:
    function.finish()
    function.stacks.others[WAITING] = ""
    assert function.look()["seconds"] == 3
    function.clock.sleep(600)
    assert function.look()["seconds"] == 30
    function.clock.sleep(6000)
    assert function.look()["seconds"] == 55


def test_a_condition_is_told_when_the_job_is_over(function: Function) -> None:
    job = function.finish()
    function.stacks.others[WAITING] = "CREATE_IN_PROGRESS"
    assert function.look()["seconds"] == 55
    assert not function.stacks.signals
    function.end("Failed")
    assert function.look()["over"]
    assert function.stacks.signals == [(REQUEST.stack_id, WAITING, job.rpartition("/")[2])]
    assert waits(function) == {"until"}


def test_a_condition_is_told_when_the_wait_is_over(function: Function) -> None:
    function.finish(WaitTimeoutSeconds="60")
    function.stacks.others[WAITING] = "CREATE_IN_PROGRESS"
    function.clock.sleep(30)
    assert function.look()["seconds"] == 30
    function.clock.sleep(30)
    assert function.look()["over"]
    assert len(function.stacks.signals) == 1


def test_a_condition_is_told_of_a_job_that_bedrock_knows_no_more(function: Function) -> None:
    function.finish()
    function.stacks.others[WAITING] = "CREATE_IN_PROGRESS"
    function.jobs.jobs.clear()
    assert function.look()["over"]
    assert function.stacks.signals


def test_a_job_that_cannot_be_read_is_looked_at_again(function: Function, monkeypatch: pytest.MonkeyPatch) -> None:
    function.finish()
    function.stacks.others[WAITING] = "CREATE_IN_PROGRESS"

    def refused(_: str) -> None:
        raise UnavailableError("no answer")

    monkeypatch.setattr(function.jobs, "get", refused)
    assert function.look()["seconds"] == 55
    assert not function.stacks.signals


def test_bedrocks_event_tells_the_condition_and_the_next_look_is_the_last(function: Function) -> None:
    job = function.finish()
    function.stacks.others[WAITING] = "CREATE_IN_PROGRESS"
    function.end()
    function.hear(job)
    assert len(function.stacks.signals) == 1
    assert function.look()["over"]
    assert len(function.stacks.signals) == 1


def test_a_signal_that_is_refused_is_given_again_soon(function: Function) -> None:
    function.finish()
    function.stacks.others[WAITING] = "CREATE_IN_PROGRESS"
    function.stacks.takes_signals = False
    function.end()
    reply = function.look()
    assert (reply["seconds"], reply["over"]) == (3, False)
    function.stacks.others[WAITING] = "CREATE_COMPLETE"
    assert function.look()["over"]


def test_a_condition_that_waits_no_more_is_forgotten(function: Function) -> None:
    function.finish()
    function.stacks.others[WAITING] = "CREATE_COMPLETE"
    assert function.look()["over"]
    assert not function.stacks.signals


@pytest.mark.parametrize("before", ["CREATE_FAILED", "DELETE_COMPLETE"])
def test_a_condition_that_is_made_anew_is_told(function: Function, before: str) -> None:
    function.finish()
    function.stacks.others[WAITING] = before
    assert not function.look()["over"]
    function.stacks.own = "CREATE_FAILED"
    assert not function.look()["over"]
    function.stacks.own, function.stacks.others[WAITING] = "CREATE_IN_PROGRESS", "CREATE_IN_PROGRESS"
    function.end()
    assert function.look()["over"]
    assert function.stacks.signals


@pytest.mark.parametrize("stack", ["ROLLBACK_IN_PROGRESS", "UPDATE_ROLLBACK_IN_PROGRESS", "DELETE_COMPLETE"])
def test_a_stack_that_goes_no_further_forgets_its_condition(function: Function, stack: str) -> None:
    function.finish()
    function.stacks.own = stack
    assert function.look()["over"]
    assert waits(function) == {"until"}


def test_a_stack_that_cannot_be_seen_is_looked_at_again(function: Function) -> None:
    function.finish()
    function.stacks.own, function.stacks.others[WAITING] = None, ""
    assert not function.look()["over"]


def test_a_part_is_enough_where_the_request_says_so(function: Function) -> None:
    job = function.finish(AcceptPartialCompletion="true")
    function.end("PartiallyCompleted")
    function.send(RequestId="again", ResourceProperties={**FINISHED, "AcceptPartialCompletion": "true"})
    assert function.endpoint.answer["PhysicalResourceId"] == job
    assert function.jobs.created == [job]


def test_a_part_is_not_enough_where_it_does_not(function: Function) -> None:
    job = function.finish()
    function.end("PartiallyCompleted")
    function.jobs.script = []
    function.send(RequestId="again", ResourceProperties={**FINISHED, "WaitUntil": "SUBMITTED"})
    assert function.endpoint.answer["PhysicalResourceId"] != job
