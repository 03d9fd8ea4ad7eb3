"""A job that a deployment has given up to wait for: what a Delete does with it, and the next deployment."""

from model_invocation_job.errors import NotYetPermittedError, UnavailableError
from model_invocation_job.owner.left_running import TAG

from .function import FINISHED, Function
from .left_jobs import OWNED, delete, left


def test_a_delete_leaves_it_alone(function: Function) -> None:
    job = function.finish()
    function.jobs.tagged[job] = {TAG: "Stack"}
    delete(function, job)
    assert function.endpoint.answer["Status"] == "SUCCESS"
    assert not function.jobs.stopped


def test_a_delete_of_an_id_that_cloudformation_made_up_leaves_it_alone(function: Function) -> None:
    job = function.finish()
    function.jobs.tagged[job] = {TAG: "Stack"}
    delete(function, "Stack-Job-1ABCDEF")
    assert not function.jobs.stopped


def test_an_event_that_comes_again_when_all_is_over_leaves_it_alone(function: Function) -> None:
    job = left(function)
    function.stacks.status = "DELETE_COMPLETE"
    function.send(ResourceProperties=OWNED)
    assert f"{job} goes on" in function.endpoint.answer["Reason"]
    assert not function.jobs.stopped
    assert function.jobs.tagged[job] == {TAG: "Stack"}


def test_a_delete_stops_any_other(function: Function) -> None:
    job = function.finish()
    delete(function, job)
    assert function.jobs.stopped == [job]


def test_a_delete_stops_a_job_whose_tags_nobody_may_read(function: Function) -> None:
    job = function.finish()
    function.jobs.tag_refusals = [NotYetPermittedError("no right")] * 100
    delete(function, job)
    assert function.jobs.stopped == [job]


def test_a_delete_looks_again_at_tags_that_are_not_answered(function: Function) -> None:
    job = function.finish()
    function.jobs.tagged[job] = {TAG: "Stack"}
    function.jobs.tag_refusals = [UnavailableError("no answer")] * 3
    delete(function, job)
    assert function.endpoint.answer["Status"] == "SUCCESS"
    assert not function.jobs.stopped


def test_a_job_that_is_not_to_be_finished_has_no_tags_to_look_for(function: Function) -> None:
    function.create(WaitUntil="SUBMITTED")
    delete(function, function.job, ResourceProperties={**FINISHED, "WaitUntil": "SUBMITTED"})
    assert function.jobs.stopped == [function.job]
    assert not function.jobs.tag_calls


def test_the_next_deployment_of_the_same_stack_takes_it_and_its_tag_is_gone(function: Function) -> None:
    job = left(function)
    function.send(RequestId="next", ResourceProperties=OWNED)
    assert function.endpoint.answer["PhysicalResourceId"] == job
    assert function.jobs.tagged[job] == {}
