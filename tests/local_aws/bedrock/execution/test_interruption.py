"""Jobs that do not get to their end: stopped, or out of time. The model here answers when the test lets it."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.local_aws.conftest import LocalAws, records, serve


class GatedModel:
    """A model server that answers a first few prompts, and the others when the gate opens."""

    def __init__(self, free: int) -> None:
        self.gate = threading.Event()
        self._free = threading.Semaphore(free)

    def close(self, free: int) -> None:
        """Let so many through again, and then nobody."""
        self.gate.clear()
        self._free = threading.Semaphore(free)

    def wait(self) -> None:
        if not self._free.acquire(blocking=False):
            self.gate.wait(30)


@contextmanager
def gated_model(free: int) -> Iterator[tuple[GatedModel, str]]:
    model = GatedModel(free)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.answer({"data": [{"id": "gated"}]})

        def do_POST(self) -> None:
            model.wait()
            message = {"role": "assistant", "content": "yes"}
            usage = {"prompt_tokens": 1, "completion_tokens": 1}
            self.answer({"choices": [{"message": message, "finish_reason": "stop"}], "usage": usage})

        def answer(self, body: dict) -> None:
            content = json.dumps(body).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield model, f"http://127.0.0.1:{server.server_port}"
        model.gate.set()
        server.shutdown()


def until_ten_are_counted(aws: LocalAws, arn: str) -> None:
    while aws.reach(arn, {"InProgress"})["processedRecordCount"] < 10:
        pass


def test_a_job_stopped_while_it_runs_keeps_what_was_done() -> None:
    with gated_model(free=10) as (model, url), serve(url, pace="Pace(scale=0.01, counts=0)") as aws:
        bucket = aws.bucket({"in.jsonl": records()})
        arn = aws.start(bucket)
        until_ten_are_counted(aws, arn)
        aws.bedrock.stop_model_invocation_job(jobIdentifier=arn)
        stopping = aws.bedrock.get_model_invocation_job(jobIdentifier=arn)
        assert stopping["status"] == "Stopping"
        assert "endTime" not in stopping
        model.gate.set()
        stopped = aws.end(arn)
        assert stopped["status"] == "Stopped"
        assert not {"endTime", "message"} & set(stopped)
        done = aws.manifest(bucket, arn)["processedRecordCount"]
        assert 10 <= done < 100
        assert len(aws.answers(bucket, arn)) == done == stopped["processedRecordCount"]


def test_a_job_out_of_time_while_it_runs_is_partially_completed() -> None:
    with gated_model(free=10) as (model, url), serve(url, pace="Pace(scale=0.01, counts=0, hour=0.1)") as aws:
        bucket = aws.bucket({"in.jsonl": records()})
        arn = aws.start(bucket, timeoutDurationInHours=24)
        until_ten_are_counted(aws, arn)
        threading.Timer(2.4, model.gate.set).start()
        job = aws.end(arn)
        assert job["status"] == "PartiallyCompleted"
        assert job["totalRecordCount"] == 100
        assert len(aws.answers(bucket, arn)) == job["processedRecordCount"] < 100


def test_a_job_out_of_time_before_it_starts_is_expired() -> None:
    with serve(pace="Pace(submitted=0, validating=0, scheduled=60, hour=0.02)") as aws:
        bucket = aws.bucket({"in.jsonl": records()})
        job = aws.end(aws.start(bucket, timeoutDurationInHours=24))
        assert job["status"] == "Expired"
        assert job["processedRecordCount"] == 0
        assert "Contents" not in aws.client("s3").list_objects_v2(Bucket=bucket, Prefix="out/")


@pytest.mark.parametrize("status", ["Submitted", "Validating", "Scheduled"])
def test_a_job_can_be_stopped_in_every_status_before_it_runs(status: str) -> None:
    durations = {"submitted": 0, "validating": 0, "scheduled": 0, status.lower(): 60}
    with serve(pace=f"Pace(**{durations})") as aws:
        bucket = aws.bucket({"in.jsonl": records()})
        arn = aws.start(bucket)
        aws.reach(arn, {status})
        aws.bedrock.stop_model_invocation_job(jobIdentifier=arn)
        assert aws.end(arn)["status"] == "Stopped"
        assert "Contents" not in aws.client("s3").list_objects_v2(Bucket=bucket, Prefix="out/")


def test_by_default_a_job_is_seen_in_every_status_and_takes_seconds() -> None:
    with serve(pace="Pace()") as aws:
        arn = aws.start(aws.bucket({"in.jsonl": records()}))
        path = ["Submitted", "Validating", "Scheduled", "InProgress", "Completed"]
        for status in ("Validating", "Scheduled", "Completed"):
            job = aws.reach(arn, set(path[path.index(status) :]))
            assert job["status"] == status
        assert (job["endTime"] - job["submitTime"]).total_seconds() >= 2


def test_the_counts_of_a_running_job_lag() -> None:
    with gated_model(free=50) as (model, url), serve(url, pace="Pace(0, 0, 0, counts=60)") as aws:
        arn = aws.start(aws.bucket({"in.jsonl": records()}))
        job = aws.reach(arn, {"InProgress"})
        assert job["processedRecordCount"] == 0
        model.gate.set()
        assert aws.end(arn)["processedRecordCount"] == 100
