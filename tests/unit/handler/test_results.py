"""What a job came to, as its results' resource tells it, and the links that wait before it."""

import pytest

from model_invocation_job import index
from model_invocation_job.errors import NotYetPermittedError, ThrottledError, UnavailableError
from model_invocation_job.owner.left_running import TAG

from .fakes import EPOCH
from .function import LINK, RESULTS, Function, LambdaContext

COUNTS = {"totalRecordCount": 100, "processedRecordCount": 100, "successRecordCount": 98, "errorRecordCount": 2}


def test_a_completed_job_is_told_with_its_counts(function: Function) -> None:
    job = function.finish()
    function.end(**COUNTS)
    function.ask()
    answer = function.endpoint.answer
    assert answer["PhysicalResourceId"] == "Results-results"
    assert answer["Data"] == {
        "OutputUri": f"s3://out/{job.rpartition('/')[2]}/",
        "JobStatus": "Completed",
        "TotalRecordCount": "100",
        "ProcessedRecordCount": "100",
        "SuccessRecordCount": "98",
        "ErrorRecordCount": "2",
    }


def test_an_update_keeps_its_id(function: Function) -> None:
    job = function.finish()
    function.end(**COUNTS)
    function.send(
        RequestType="Update",
        ResourceType=RESULTS,
        PhysicalResourceId="Results-before",
        ResourceProperties={"JobArn": job, "OutputUri": "s3://out/"},
    )
    assert function.endpoint.answer["PhysicalResourceId"] == "Results-before"


def test_what_is_not_told_is_unknown(function: Function) -> None:
    function.finish()
    function.end()
    function.ask()
    assert function.endpoint.answer["Data"]["SuccessRecordCount"] == "Unknown"


def test_a_job_that_bedrock_knows_no_more_is_no_failure(function: Function) -> None:
    function.finish()
    function.jobs.jobs.clear()
    function.ask()
    assert function.endpoint.answer["Status"] == "SUCCESS"
    assert function.endpoint.answer["Data"]["JobStatus"] == "Unknown"


def test_tokens_are_read_where_they_are_asked_for(function: Function) -> None:
    job = function.finish()
    function.end(**COUNTS)
    function.manifests.manifests[f"s3://out/{job.rpartition('/')[2]}/"] = {"inputTokenCount": 7, "outputTokenCount": 9}
    function.manifests.refusals = [NotYetPermittedError("young")]
    function.ask(ReadManifest="true")
    data = function.endpoint.answer["Data"]
    assert (data["InputTokenCount"], data["OutputTokenCount"]) == ("7", "9")


def test_tokens_that_cannot_be_read_are_unknown(function: Function) -> None:
    function.finish()
    function.end(**COUNTS)
    function.manifests.refusals = [NotYetPermittedError("never")] * 100
    function.ask(ReadManifest="true")
    assert function.endpoint.answer["Data"]["InputTokenCount"] == "Unknown"


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (
            "Failed",
            "Correct the cause and deploy again; if nothing in the job changes, give it another 'run_token', or",
        ),
        ("Failed", "or 'client_request_token' if it has one."),
        ("Stopped", "The job ended as Stopped"),
        ("Expired", "The job ended as Expired"),
        ("PartiallyCompleted", "'accept_partial_completion=True'"),
    ],
)
def test_a_job_without_its_results_fails_with_what_to_do_first(function: Function, status: str, words: str) -> None:
    job = function.finish()
    function.jobs.message = "the bucket is gone"
    function.end(status, **{**COUNTS, "processedRecordCount": 3})
    function.ask()
    reason = function.endpoint.answer["Reason"]
    assert words in reason
    assert job in reason
    assert reason.index(words) < reason.index("Bedrock says") < reason.index("3 of 100 records processed")
    assert ("the bucket is gone" in reason) == (status == "Failed")


def test_a_part_is_enough_where_that_is_said(function: Function) -> None:
    function.finish()
    function.end("PartiallyCompleted", **COUNTS)
    function.ask(AcceptPartialCompletion="true")
    assert function.endpoint.answer["Data"]["JobStatus"] == "PartiallyCompleted"


@pytest.mark.parametrize("status", ["Completed", "PartiallyCompleted"])
def test_a_job_of_which_no_record_succeeded_is_a_failure(function: Function, status: str) -> None:
    function.finish()
    function.end(status, **{**COUNTS, "successRecordCount": 0, "errorRecordCount": 100})
    function.ask(AcceptPartialCompletion="true")
    assert f"The job is {status}, but" in function.endpoint.answer["Reason"]
    assert "no record succeeded" in function.endpoint.answer["Reason"]
    assert "0 succeeded, 100 failed" in function.endpoint.answer["Reason"]


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


def late(function: Function, **properties: str) -> str:
    """Ask for the results of a job that runs, when the wait for them is over."""
    function.finish(WaitTimeoutSeconds="100")
    vars(function.jobs.jobs[function.job])["counts"] = {**COUNTS, "processedRecordCount": 40}
    function.clock.sleep(100)
    function.ask(**properties)
    reason: str = function.endpoint.answer["Reason"]
    return reason


def test_a_healthy_job_at_the_end_of_the_wait_is_left_running(function: Function) -> None:
    reason = late(function, LeaveRunning="true")
    assert "It goes on: the next deployment of the same specification takes it" in reason
    assert f"bedrock-batch watch {function.job}" in reason
    assert "40 of 100 records processed" in reason
    assert function.jobs.tagged[function.job] == {TAG: "Stack"}


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
