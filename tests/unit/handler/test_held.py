"""A request whose answer takes long is held, and no function runs meanwhile."""

import json
import logging

import pytest

from model_invocation_job import index
from model_invocation_job.errors import NotYetPermittedError, ThrottledError, UnavailableError

from .fakes import EPOCH
from .function import PROPERTIES, Function
from .room import PARAMETERS


def test_a_job_that_is_validated_soon_is_answered_at_once(function: Function) -> None:
    function.jobs.script = ["Submitted", "Validating", "Scheduled"]
    function.create()
    assert function.answers[0]["Data"]["JobStatus"] == "Scheduled"
    assert not function.looks.started
    assert not function.waits.items


def test_a_request_is_held_after_ten_seconds_without_an_answer(function: Function) -> None:
    function.create()
    assert function.clock.seconds == pytest.approx(10)
    assert not function.answers
    ((wait, seconds),) = function.looks.started
    assert (wait.job, wait.name, seconds) == (function.job, "Job#request", 5)
    assert wait.until == EPOCH + 300
    assert json.loads(wait.event)["RequestId"] == "request"


def test_looks_go_on_until_the_job_is_validated_and_then_it_is_answered_once(function: Function) -> None:
    function.create()
    assert function.look()["seconds"] == 15
    assert not function.look()["over"]
    function.jobs.set_status(function.job, "Scheduled")
    assert function.look()["over"]
    assert function.endpoint.answer["Status"] == "SUCCESS"
    assert function.endpoint.answer["PhysicalResourceId"] == function.job
    assert function.jobs.created == [function.job]
    assert not function.waits.items
    assert function.look()["over"]
    assert len(function.answers) == 1


def test_the_end_of_the_wait_answers_with_a_healthy_job(function: Function) -> None:
    function.create()
    function.clock.sleep(285)
    assert function.look()["seconds"] == 5
    function.clock.sleep(5)
    assert function.look()["over"]
    assert function.endpoint.answer["Data"]["JobStatus"] == "Submitted"


def test_a_job_that_fails_while_it_is_held_fails_with_bedrocks_message(function: Function) -> None:
    function.create()
    function.jobs.message = "too few records"
    function.jobs.set_status(function.job, "Failed")
    function.look()
    assert function.endpoint.answer["Status"] == "FAILED"
    assert "too few records" in function.endpoint.answer["Reason"]


def test_a_look_that_cannot_read_the_job_comes_again(function: Function, monkeypatch: pytest.MonkeyPatch) -> None:
    function.create()

    def refused(_: str) -> None:
        raise ThrottledError("later")

    monkeypatch.setattr(function.jobs, "get", refused)
    assert not function.look()["over"]
    assert not function.answers


@pytest.mark.parametrize("error", [NotYetPermittedError("not yet"), UnavailableError("no table")])
def test_what_cannot_be_held_is_watched_in_the_function_and_tried_again(function: Function, error: Exception) -> None:
    function.waits.refusals["put"] = [error]
    function.create()
    assert function.clock.seconds == pytest.approx(20)
    assert len(function.looks.started) == 1


def test_a_table_that_always_refuses_costs_nothing_but_the_functions_time(function: Function) -> None:
    function.waits.refusals["put"] = [UnavailableError("no table")] * 100
    function.create()
    assert function.clock.seconds == pytest.approx(300)
    assert function.endpoint.answer["Status"] == "SUCCESS"


def test_a_request_that_nobody_will_look_at_is_not_held(function: Function) -> None:
    function.looks.refusals = [NotYetPermittedError("no machine")] * 100
    function.create()
    assert not function.waits.items
    assert function.endpoint.answer["Status"] == "SUCCESS"


def test_a_stack_without_a_table_watches_in_the_function(function: Function) -> None:
    vars(function.parts).update(waits=None)
    function.create()
    assert function.clock.seconds == pytest.approx(300)
    assert function.endpoint.answer["Status"] == "SUCCESS"


def test_an_event_that_comes_again_stands_as_it_was_held_first(function: Function) -> None:
    function.create()
    function.clock.sleep(100)
    function.create()
    (first, _), (second, _) = function.looks.started
    assert first == second
    assert function.jobs.created == [function.job]


def test_a_create_that_was_given_up_while_it_was_held_leaves_no_job_running(function: Function) -> None:
    function.create()
    function.stacks.status = "DELETE_IN_PROGRESS"
    assert function.look()["over"]
    assert function.jobs.stopped == [function.job]
    assert "gave up" in function.endpoint.answer["Reason"]


def test_an_update_that_was_given_up_while_it_was_held_leaves_no_job_running(function: Function) -> None:
    function.stacks.status, function.stacks.own = "UPDATE_IN_PROGRESS", "UPDATE_IN_PROGRESS"
    old = function.parts.jobs.create("before", "token", {**PARAMETERS, "roleArn": "arn:aws:iam::0:role/Old"})
    function.send(RequestType="Update", PhysicalResourceId=old, ResourceProperties=PROPERTIES, OldResourceProperties={})
    assert not function.answers
    function.stacks.own = "UPDATE_ROLLBACK_IN_PROGRESS"
    assert function.look()["over"]
    assert function.jobs.stopped == [function.job]
    assert function.endpoint.answer["Status"] == "FAILED"


def test_an_update_that_is_held_replaces_the_job_when_it_is_validated(function: Function) -> None:
    function.stacks.status, function.stacks.own = "UPDATE_IN_PROGRESS", "UPDATE_IN_PROGRESS"
    old = function.parts.jobs.create("before", "token", {**PARAMETERS, "roleArn": "arn:aws:iam::0:role/Old"})
    function.send(RequestType="Update", PhysicalResourceId=old, ResourceProperties=PROPERTIES, OldResourceProperties={})
    function.jobs.set_status(function.job, "Scheduled")
    assert function.look()["over"]
    assert function.endpoint.answer["PhysicalResourceId"] == function.job != old


def test_a_role_that_was_too_young_is_tried_a_second_time_and_held_again(function: Function) -> None:
    function.create(RoleOfStack="true")
    first = function.job
    vars(function.jobs.jobs[first])["lived"] = 12
    function.jobs.message = "Could not assume provided IAM role"
    function.jobs.set_status(first, "Failed")
    assert function.look()["over"]
    assert function.job != first
    assert not function.answers
    assert [wait.job for wait, _ in function.looks.started] == [first, function.job]
    assert [wait.job for wait in function.waits.items.values()] == [function.job]
    function.jobs.set_status(function.job, "Scheduled")
    assert function.look()["over"]
    assert function.endpoint.answer["PhysicalResourceId"] == function.job


def test_a_look_and_an_event_together_answer_once(function: Function) -> None:
    function.create()
    ((wait, _),) = function.looks.started
    function.waits.leases[wait.job, wait.name] = EPOCH + 900
    function.jobs.set_status(function.job, "Scheduled")
    assert function.look()["seconds"] == 15
    assert not function.answers
    function.clock.sleep(900)
    assert function.look()["over"]
    assert function.endpoint.answer


def test_an_event_of_bedrocks_answers_before_the_next_look(function: Function) -> None:
    function.create()
    function.jobs.set_status(function.job, "Failed")
    function.hear(function.job)
    assert function.endpoint.answer["Status"] == "FAILED"
    assert function.look()["over"]


def test_an_event_of_a_job_that_nobody_waits_for_does_nothing(function: Function) -> None:
    function.hear("arn:aws:bedrock:us-east-1:000000000000:model-invocation-job/somebodyelse")
    assert not function.answers


def test_an_answer_that_is_not_accepted_is_given_again_at_the_next_look(function: Function) -> None:
    function.create()
    function.jobs.set_status(function.job, "Scheduled")
    function.endpoint.statuses = [403]
    with pytest.raises(Exception, match="refused the answer"):
        function.look()
    assert function.look()["over"]
    assert len(function.answers) == 2


def test_an_answer_that_nobody_takes_any_more_is_given_up(function: Function) -> None:
    function.create()
    function.clock.sleep(300 + 3600)
    function.endpoint.statuses = [403]
    assert function.look()["over"]
    assert not function.waits.items


def test_an_answer_whose_item_cannot_be_deleted_is_given_twice_and_never_missing(function: Function) -> None:
    function.create()
    function.jobs.set_status(function.job, "Scheduled")
    function.waits.refusals["delete"] = [UnavailableError("no table")]
    assert not function.look()["over"]
    assert function.look()["over"]
    first, second = function.answers
    assert first == second


def test_a_large_event_is_kept_without_its_input_which_lies_in_its_place(function: Function) -> None:
    staged = [{"Source": "s3://assets/" + "a" * 500, "Target": "s3://in/a.jsonl"}] * 700
    function.create(StagedInput=staged)
    ((wait, _),) = function.looks.started
    assert len(wait.event) < 10_000
    function.jobs.set_status(function.job, "Scheduled")
    function.look()
    assert function.endpoint.answer["Status"] == "SUCCESS"


def test_an_event_that_is_too_large_to_be_held_is_watched_in_the_function(function: Function) -> None:
    function.create(Padding="x" * 400_000)
    assert not function.looks.started
    assert function.endpoint.answer["Status"] == "SUCCESS"


def test_nothing_signed_is_logged_or_shown(function: Function, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        function.create()
        function.jobs.set_status(function.job, "Scheduled")
        function.look()
    assert caplog.messages
    assert "canary" not in caplog.text
    assert "canary" not in repr(function.looks.started)


def test_what_is_neither_a_request_nor_a_look_nor_an_event_is_refused(function: Function) -> None:
    with pytest.raises(Exception, match="answers CloudFormation only"):
        index.handler({"look": "at me"}, None)
    assert not function.answers
