"""What goes wrong on demand."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError

from bedrock_local.errors import LocalAwsError
from bedrock_local.faults import Faults
from bedrock_local.local_aws import LocalAws as Product
from tests.local_aws.bedrock.signals.test_events import DONE, Queue, run_job, statuses, unique
from tests.local_aws.conftest import LocalAws, records


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LocalAws, Faults]]:
    directory = tmp_path_factory.mktemp("faults")
    settled = {"role_propagation": 0}
    with Product(model="echo", directory=directory, speed="instant", behaviours=settled, admin=True) as running:
        yield LocalAws(running.endpoint_url, running.secret), running.faults


@pytest.fixture
def aws(started: tuple[LocalAws, Faults]) -> LocalAws:
    return started[0]


@pytest.fixture
def faults(started: tuple[LocalAws, Faults]) -> Iterator[Faults]:
    yield started[1]
    started[1].clear()


def refusal(aws: LocalAws, operation: str = "create_model_invocation_job", **params: Any) -> tuple[str, int, str]:
    with pytest.raises(ClientError) as error:
        getattr(aws.bedrock, operation)(**params or aws.request())
    response = error.value.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]["Message"]


def test_the_next_calls_are_throttled_and_only_those(aws: LocalAws, faults: Faults) -> None:
    faults.throttle(2)
    assert aws.bedrock.list_model_invocation_jobs()
    assert [refusal(aws), refusal(aws)] == [("ThrottlingException", 429, "Rate exceeded")] * 2
    assert aws.bedrock.create_model_invocation_job(**aws.request())
    assert faults.all() == []


def test_a_call_fails_with_the_error_that_was_asked_for(aws: LocalAws, faults: Faults) -> None:
    arn = aws.bedrock.create_model_invocation_job(**aws.request())["jobArn"]
    faults.fail("ConflictException", "not now", operation="StopModelInvocationJob")
    assert refusal(aws, "stop_model_invocation_job", jobIdentifier=arn) == ("ConflictException", 400, "not now")
    faults.fail("InternalServerException", operation="GetModelInvocationJob")
    expected = ("InternalServerException", 500, "This error was asked for.")
    assert refusal(aws, "get_model_invocation_job", jobIdentifier=arn) == expected


def test_a_dropped_reply_leaves_the_job(aws: LocalAws, faults: Faults) -> None:
    request = aws.request()
    faults.drop_reply()
    with pytest.raises(ConnectionClosedError):
        aws.bedrock.create_model_invocation_job(**request)
    found = aws.bedrock.list_model_invocation_jobs(nameContains=request["jobName"])
    assert len(found["invocationJobSummaries"]) == 1


@pytest.mark.parametrize("status", DONE[:-1])
def test_a_job_is_held_in_a_status_until_it_is_let_go(aws: LocalAws, faults: Faults, status: str) -> None:
    bucket = aws.bucket({"in.jsonl": records()})
    with faults.hold(status, job_name="held"):
        held = aws.start(bucket, jobName=unique("held"))
        run_job(aws, "free")
        assert aws.bedrock.get_model_invocation_job(jobIdentifier=held)["status"] == status
    assert aws.end(held)["status"] == "Completed"


def test_a_held_job_can_be_stopped(aws: LocalAws, faults: Faults) -> None:
    faults.hold("InProgress")
    arn = aws.start(aws.bucket({"in.jsonl": records()}))
    aws.reach(arn, {"InProgress"})
    aws.bedrock.stop_model_invocation_job(jobIdentifier=arn)
    assert aws.end(arn)["status"] == "Stopped"


def test_a_stopped_job_can_be_held_before_it_is(aws: LocalAws, faults: Faults) -> None:
    faults.hold("InProgress", job_name="held")
    arn = aws.start(aws.bucket({"in.jsonl": records()}), jobName=unique("held"))
    aws.reach(arn, {"InProgress"})
    with faults.hold("Stopping"):
        aws.bedrock.stop_model_invocation_job(jobIdentifier=arn)
        time.sleep(1)
        assert aws.bedrock.get_model_invocation_job(jobIdentifier=arn)["status"] == "Stopping"
        with pytest.raises(ClientError, match="State was: Stopping"):
            aws.bedrock.stop_model_invocation_job(jobIdentifier=arn)
    assert aws.end(arn)["status"] == "Stopped"


def test_a_share_of_the_records_fails(aws: LocalAws, faults: Faults) -> None:
    faults.fail_records(0.25, 429, "Too many tokens")
    bucket = aws.bucket({"in.jsonl": records(200)})
    arn = aws.start(bucket)
    job = aws.end(arn)
    assert (job["status"], job["successRecordCount"], job["errorRecordCount"]) == ("Completed", 150, 50)
    errors = [answer["error"] for answer in aws.answers(bucket, arn) if "error" in answer]
    assert {(error["errorCode"], error["errorMessage"]) for error in errors} == {(429, "Too many tokens")}


def test_events_are_lost(aws: LocalAws, faults: Faults) -> None:
    prefix = unique("p")
    queue = Queue(aws, {"batchJobName": [{"prefix": prefix}]})
    faults.lose_events("Scheduled", job_name=prefix)
    run_job(aws, prefix)
    assert statuses(queue.read_until("Completed")) == [status for status in DONE if status != "Scheduled"]


def test_a_late_event_comes_after_later_ones(aws: LocalAws, faults: Faults) -> None:
    prefix = unique("p")
    queue = Queue(aws, {"batchJobName": [{"prefix": prefix}]})
    with faults.hold("Submitted", job_name=prefix):
        faults.delay_events(0.5, "Validating", job_name=prefix)
        arn = aws.start(aws.bucket({"in.jsonl": records()}), jobName=unique(prefix))
    aws.end(arn)
    told = statuses(queue.read_until("Validating"))
    assert told == [*(status for status in DONE if status != "Validating"), "Validating"]


def test_a_fault_is_listed_until_it_is_removed(faults: Faults) -> None:
    fault = faults.hold("Submitted", job_name="nobody")
    listed = {"id": fault.fault_id, "kind": "hold-jobs", "status": "Submitted", "job_name": "nobody"}
    assert faults.all() == [listed]
    fault.remove()
    assert faults.all() == []
    fault.remove()


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"kind": "explode"}, "`$.kind`; a fault has one of these kinds, with its members: fail-calls (operation,"),
        ([], "Expected `object`, got `array`; a fault has one of these kinds"),
        ({"kind": ["fail-calls"]}, "a fault has one of these kinds"),
        ({"status": "Submitted"}, "required field `kind`"),
        ({"kind": "hold-jobs"}, "required field `status`; a fault has one of these kinds"),
        ({"kind": "hold-jobs", "status": "Completed"}, "status must be one of Submitted, Validating, Scheduled, InP"),
        ({"kind": "fail-calls", "operation": "CreateJob"}, "operation must be one of CreateModelInvocationJob"),
        ({"kind": "fail-calls", "code": "Oops"}, "code must be one of AccessDeniedException"),
        ({"kind": "fail-calls", "times": 0}, "times must be at least 1, got 0"),
        ({"kind": "fail-calls", "times": "3"}, "Expected `int`, got `str` - at `$.times`"),
        ({"kind": "fail-calls", "times": True}, "Expected `int`, got `bool` - at `$.times`"),
        ({"kind": "fail-calls", "operation": None}, "Expected `str`, got `null` - at `$.operation`"),
        ({"kind": "fail-calls", "speed": 1}, "unknown field `speed`; a fault has one of these kinds"),
        ({"kind": "fail-records", "share": 2}, "share must be from 0 to 1, got 2"),
        ({"kind": "delay-events", "seconds": 0}, "seconds must be more than 0, got 0"),
        ({"kind": "lose-events", "status": "Done"}, "status must be one of Submitted"),
    ],
)
def test_a_fault_that_cannot_be_is_refused_with_what_can(faults: Faults, fault: object, words: str) -> None:
    with pytest.raises(LocalAwsError) as refused:
        faults.call("POST", "/_bedrock/faults", fault)
    assert words in str(refused.value)


def test_the_python_face_says_what_is_wrong(faults: Faults) -> None:
    with pytest.raises(LocalAwsError, match="status must be one of"):
        faults.hold("Completed")


def test_faults_are_off_unless_asked_for(tmp_path: Path) -> None:
    with (
        Product(model="echo", directory=tmp_path) as running,
        pytest.raises(LocalAwsError, match="faults are off in this local AWS; start it with --admin"),
    ):
        running.faults.throttle()
