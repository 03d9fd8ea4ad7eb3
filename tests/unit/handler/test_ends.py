"""How the end of a job is waited for by its results' resource and by links, and how a wait that is over is told."""

from collections.abc import Mapping

import pytest

from model_invocation_job import index
from model_invocation_job.errors import NotYetPermittedError, ThrottledError, UnavailableError
from model_invocation_job.owner.left_running import TAG

from .fakes import EPOCH
from .function import COUNTS, LINK, RESULTS, Function, LambdaContext


def test_a_job_that_runs_is_waited_for_by_holding_the_request(function: Function) -> None:
    function.finish()
    function.ask()
    assert not function.answers
    wait, _ = function.looks.started[-1]
    assert wait.until == int(function.clock.epoch()) + 3300
    assert function.look()["seconds"] == 55
    function.end(**COUNTS)
    assert function.look()["over"]
    assert function.endpoint.answer["Data"]["SuccessRecordCount"] == "98"


@pytest.mark.parametrize("kind", [RESULTS, LINK])
def test_a_request_that_had_to_wait_for_its_turn_is_held_no_longer_than_it_is_waited_for(
    function: Function, kind: str
) -> None:
    function.finish()
    function.stacks.since = function.clock.epoch() - 2400
    function.ask(kind)
    wait, _ = function.looks.started[-1]
    assert wait.until == int(function.stacks.since) + 3300


@pytest.mark.parametrize("since", [-3600, 10])
def test_a_time_that_cannot_be_that_of_the_request_says_nothing(function: Function, since: int) -> None:
    function.finish()
    function.stacks.since = function.clock.epoch() + since
    function.ask()
    wait, _ = function.looks.started[-1]
    assert wait.until == int(function.clock.epoch()) + 3300


def test_bedrocks_event_answers_a_request_that_is_held(function: Function) -> None:
    job = function.finish()
    function.ask()
    function.end(**COUNTS)
    function.hear(job)
    assert function.endpoint.answer["Status"] == "SUCCESS"


def test_the_wait_ends_when_the_jobs_resource_has_said(function: Function) -> None:
    function.finish(WaitTimeoutSeconds="1000")
    function.clock.sleep(400)
    function.ask()
    wait, _ = function.looks.started[-1]
    assert wait.until == EPOCH + int(function.clock.seconds) + 600


def test_where_nothing_is_said_it_ends_as_long_from_now(function: Function) -> None:
    function.finish()
    function.waits.items.clear()
    function.ask(WaitTimeoutSeconds="50")
    wait, _ = function.looks.started[-1]
    assert wait.until == EPOCH + int(function.clock.seconds) + 50


def test_a_table_that_cannot_be_read_ends_it_as_long_from_now(function: Function) -> None:
    function.finish(WaitTimeoutSeconds="1000")
    function.waits.refusals["get"] = [UnavailableError("no table")]
    function.ask(WaitTimeoutSeconds="50")
    wait, _ = function.looks.started[-1]
    assert wait.until == EPOCH + int(function.clock.seconds) + 50


def late(function: Function, counts: Mapping[str, int] | None = None, **properties: str) -> str:
    """Ask for the results of a job that runs, when the wait for them is over."""
    function.finish(WaitTimeoutSeconds="100")
    vars(function.jobs.jobs[function.job])["counts"] = counts or {**COUNTS, "processedRecordCount": 40}
    function.clock.sleep(100)
    function.ask(**properties)
    reason: str = function.endpoint.answer["Reason"]
    return reason


def test_a_healthy_job_at_the_end_of_the_wait_is_left_running(function: Function) -> None:
    function.stacks.own = "UPDATE_IN_PROGRESS"
    reason = late(function, LeaveRunning="true")
    assert f"It goes on, and writes its results to s3://out/{function.job.rpartition('/')[2]}/" in reason
    assert "The next deployment of the same specification takes it" in reason
    assert f"bedrock-batch watch {function.job}" in reason
    assert "40 of 100 records processed" in reason
    assert function.jobs.tagged[function.job] == {TAG: "Stack"}


@pytest.mark.parametrize("stack", ["CREATE_IN_PROGRESS", None])
def test_what_a_new_stack_would_have_to_take_is_not_promised(function: Function, stack: str | None) -> None:
    function.stacks.own = stack
    reason = late(function, LeaveRunning="true")
    assert f"It goes on, and writes its results to s3://out/{function.job.rpartition('/')[2]}/" in reason
    assert "Deploy again, and the new stack takes it if the job's buckets are not the stack's" in reason
    assert "The next deployment" not in reason


def test_of_a_job_whose_records_are_not_counted_yet_no_count_is_told(function: Function) -> None:
    reason = late(function, dict.fromkeys(COUNTS, 0))
    assert "records" not in reason
    assert f"bedrock-batch watch {function.job}" in reason


@pytest.mark.parametrize("leave", ["true", "false"])
def test_a_job_that_cannot_go_on_is_not_said_to(function: Function, leave: str) -> None:
    function.jobs.tag_refusals = [NotYetPermittedError("no right")] * 100
    assert "It is stopped if the deployment is taken back" in late(function, LeaveRunning=leave)
    assert TAG not in function.jobs.tagged[function.job]


def test_a_held_request_is_answered_at_the_end_of_the_wait(function: Function) -> None:
    function.finish(WaitTimeoutSeconds="1000")
    function.ask(LeaveRunning="true")
    function.clock.sleep(1000)
    assert function.look()["over"]
    assert "It goes on" in function.endpoint.answer["Reason"]


@pytest.mark.parametrize("kind", [RESULTS, LINK])
def test_a_roll_back_is_answered_at_once(function: Function, kind: str) -> None:
    function.finish()
    function.stacks.own = "UPDATE_ROLLBACK_IN_PROGRESS"
    function.ask(kind)
    assert function.endpoint.answer["Status"] == "SUCCESS"


def test_a_roll_back_that_cannot_read_the_job_is_answered_at_once(
    function: Function, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = function.finish()
    function.stacks.own = "ROLLBACK_IN_PROGRESS"
    refuse(function, monkeypatch, 1)
    function.ask(job=job)
    assert function.endpoint.answer["Data"]["JobStatus"] == "Unknown"


@pytest.mark.parametrize("kind", [RESULTS, LINK])
def test_a_request_whose_stack_begins_to_roll_back_while_it_is_held_is_answered(function: Function, kind: str) -> None:
    function.finish()
    function.ask(kind)
    function.stacks.status, function.stacks.own = "CREATE_FAILED", "ROLLBACK_IN_PROGRESS"
    assert function.look()["over"]
    assert function.endpoint.answer["Status"] == "SUCCESS"


def test_a_job_that_cannot_be_read_for_minutes_is_no_failure(
    function: Function, monkeypatch: pytest.MonkeyPatch
) -> None:
    function.finish()
    function.end(**COUNTS)
    function.clock.sleep(50_000)
    refuse(function, monkeypatch, 60)
    function.ask()
    assert function.endpoint.answer["Status"] == "SUCCESS"


def test_a_job_that_can_never_be_read_is_one(function: Function, monkeypatch: pytest.MonkeyPatch) -> None:
    function.finish()
    function.clock.sleep(50_000)
    refuse(function, monkeypatch, 10_000)
    function.ask()
    assert "still refused after 720 seconds" in function.endpoint.answer["Reason"]


def test_without_a_table_the_function_itself_waits_for_twelve_minutes(function: Function) -> None:
    function.finish()
    vars(function.parts).update(waits=None)
    began = function.clock.seconds
    function.ask()
    assert function.clock.seconds - began == pytest.approx(720)
    assert "at the end of 'wait_timeout'" in function.endpoint.answer["Reason"]


def test_a_link_waits_for_an_hour_at_most_and_then_hands_on(function: Function) -> None:
    function.finish()
    function.ask(LINK)
    assert not function.answers
    function.clock.sleep(3300)
    assert function.look()["over"]
    assert function.endpoint.answer["Status"] == "SUCCESS"
    assert function.endpoint.answer["Data"] == {}


@pytest.mark.parametrize("over", ["job", "wait"])
def test_a_link_waits_for_nothing_that_is_over(function: Function, over: str) -> None:
    function.finish()
    if over == "job":
        function.end("Failed")
    else:
        function.clock.sleep(43200)
    function.ask(LINK)
    assert function.endpoint.answer["Status"] == "SUCCESS"


@pytest.mark.parametrize("kind", [RESULTS, LINK])
def test_a_delete_does_nothing(function: Function, kind: str) -> None:
    job = function.finish()
    function.send(
        RequestType="Delete", ResourceType=kind, PhysicalResourceId="Results", ResourceProperties={"JobArn": job}
    )
    assert function.endpoint.answer["Status"] == "SUCCESS"
    assert not function.jobs.stopped


def test_a_job_of_another_account_is_refused(function: Function) -> None:
    function.finish()
    function.ask(job="arn:aws:bedrock:us-east-1:999999999999:model-invocation-job/job000000000")
    assert "'JobArn' must be the ARN of a job in the stack's account and Region" in function.endpoint.answer["Reason"]


def test_a_look_at_a_table_that_refuses_comes_again(function: Function) -> None:
    function.finish()
    function.ask()
    function.waits.refusals["lease"] = [ThrottledError("later")]
    reply = function.look()
    assert (reply["seconds"], reply["over"]) == (15, False)


def test_an_event_that_is_about_no_job_is_refused(function: Function) -> None:
    with pytest.raises(Exception, match="answers CloudFormation only"):
        index.handler({"source": "aws.bedrock", "detail": {}}, LambdaContext(900))
    assert not function.answers


def refuse(function: Function, monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    get, left = function.jobs.get, [times]

    def refused(arn: str) -> object:
        left[0] -= 1
        if left[0] >= 0:
            raise UnavailableError("no answer")
        return get(arn)

    monkeypatch.setattr(function.jobs, "get", refused)
