"""Clients of a local AWS whose disk is full learn that, and where; what was there before stays."""

import io
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from bedrock_local.bedrock.data.output_data import OutputData
from bedrock_local.bedrock.jobs.failure import JobFailedError
from bedrock_local.local_aws import LocalAws as Product
from bedrock_local.running import RunningAws
from tests.local_aws.conftest import LocalAws, records
from tests.local_aws.full_disks import full_disk

PART = 8 * 1024**2
CONTENT = bytes(2 * PART)


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("aws")


@pytest.fixture(scope="module")
def running(directory: Path) -> Iterator[RunningAws]:
    behaviours = {"role_propagation": 0}
    with Product(model="echo", directory=directory, speed="instant", behaviours=behaviours) as aws:
        aws.client("s3").create_bucket(Bucket="large")
        yield aws


def no_room(directory: Path) -> str:
    folder = directory / "tmp"
    return f"The local AWS cannot keep this: {folder}: File too large; make room there, or name another --dir"


def refused(call: Any, *arguments: Any, **more: Any) -> dict[str, Any]:
    with pytest.raises(ClientError) as refusal:
        call(*arguments, **more)
    answer: dict[str, Any] = refusal.value.response
    return answer


def test_an_upload_in_parts_is_refused_at_once_and_what_was_there_stays(running: RunningAws, directory: Path) -> None:
    s3 = running.client("s3")
    s3.upload_fileobj(io.BytesIO(CONTENT), "large", "content")
    with full_disk(running):
        answer = refused(s3.upload_fileobj, io.BytesIO(bytes(len(CONTENT))), "large", "content")
        assert s3.get_object(Bucket="large", Key="content")["Body"].read() == CONTENT
    assert (answer["Error"]["Code"], answer["Error"]["Message"]) == ("InternalError", no_room(directory))
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 507
    assert answer["ResponseMetadata"]["RetryAttempts"] == 0
    s3.upload_fileobj(io.BytesIO(CONTENT[::-1]), "large", "content")


def test_parts_that_fit_may_not_fit_together(running: RunningAws, directory: Path) -> None:
    with full_disk(running, PART):
        answer = refused(running.client("s3").upload_fileobj, io.BytesIO(CONTENT), "large", "other")
    assert answer["Error"]["Message"] == no_room(directory)


def test_a_job_without_room_fails_and_says_so(running: RunningAws, directory: Path) -> None:
    aws = LocalAws(running.endpoint_url, running.secret)
    bucket = aws.bucket({"in.jsonl": records(100, text="x" * 10_000)})
    with full_disk(running):
        job = aws.end(aws.start(bucket))
    assert (job["status"], job["message"]) == ("Failed", no_room(directory))


class Full(BaseHTTPRequestHandler):
    """An S3 without room for an object that a job writes."""

    def do_PUT(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        body = b"<Error><Code>InternalError</Code><Message>There is no room</Message></Error>"
        self.send_response(507)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Stay silent."""


def test_a_job_whose_output_does_not_fit_does_not_blame_its_permissions() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Full) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        session: Any = SimpleNamespace(s3=LocalAws(f"http://127.0.0.1:{server.server_port}", "any").client("s3"))
        output = {"s3OutputDataConfig": {"s3Uri": "s3://bucket/out/", "s3BucketOwner": "000000000000"}}
        job: Any = SimpleNamespace(job_id="job", request={"outputDataConfig": output})
        with pytest.raises(JobFailedError, match=r"^There is no room$"):
            OutputData(job, session).write("in.jsonl", io.BytesIO(b"answers"))
        server.shutdown()
