from collections.abc import Iterator
from random import Random

import boto3
import pytest

from model_invocation_job.clock import Deadline
from model_invocation_job.errors import SubmissionError
from model_invocation_job.input.archive import unpack
from model_invocation_job.input.s3_object import BLOCK
from model_invocation_job.requests.staged_object import StagedObject
from tests.faults.front import Front, Request, serving
from tests.faults.s3 import S3, zipped

from .fakes import FakeClock

ITEM = StagedObject("s3://assets/folder.zip", "s3://input/0123/")
MIB = 1024 * 1024
DEADLINE = Deadline.after(FakeClock(), 60)


class MeasuredS3(S3):
    """Notes how many bytes each request carries, there and back."""

    sizes: list[int]

    def answer(self, request: Request, call: object) -> tuple[int, object, bytes]:  # type: ignore[override]  # narrower
        response = super().answer(request, call)  # type: ignore[arg-type]  # it is not looked at
        self.sizes += [len(request.body), len(response[2])]
        return response


@pytest.fixture
def s3() -> MeasuredS3:
    s3 = MeasuredS3()
    s3.sizes = []
    return s3


@pytest.fixture
def front(s3: MeasuredS3) -> Iterator[Front]:
    front = Front({"s3": s3})
    with serving(front):
        yield front


def unpacked(front: Front, deadline: Deadline = DEADLINE) -> None:
    client = boto3.client(
        "s3", "us-east-1", endpoint_url=front.url, aws_access_key_id="1", aws_secret_access_key="test"
    )
    unpack(client, ITEM, deadline)


def test_a_large_entry_flows_through_in_parts(s3: MeasuredS3, front: Front) -> None:
    """Neither a whole archive nor a whole entry is ever in one request, so neither is in memory."""
    video = bytes(9 * MIB) + b"middle" + bytes(9 * MIB)
    records = b'{"recordId": "1", "modelInput": {}}\n' * (17 * MIB // 36)
    s3.put("assets/folder.zip", zipped({"a.mp4": video, "records.jsonl": records}))
    unpacked(front)
    assert s3.get("input/0123/a.mp4") == video
    assert s3.get("input/0123/records.jsonl") == records
    assert len(front.of("UploadPart")) == 6
    assert max(s3.sizes) == 2 * BLOCK


def test_an_archive_is_read_in_blocks(s3: MeasuredS3, front: Front) -> None:
    noise = Random(1).randbytes(3 * BLOCK // 2)  # noqa: S311 (what cannot be packed)
    s3.put("assets/folder.zip", zipped({"a.png": noise, "b.png": noise}))
    unpacked(front)
    assert s3.get("input/0123/b.png") == noise
    # Three blocks of entries, and a few short looks at the directory.
    assert 3 <= len(front.of("GetObject")) <= 8
    assert max(s3.sizes) <= 2 * BLOCK


def test_a_second_time_puts_the_same(s3: MeasuredS3, front: Front) -> None:
    s3.put("assets/folder.zip", zipped({"a/b.png": b"picture"}))
    unpacked(front)
    unpacked(front)
    assert s3.get("input/0123/a/b.png") == b"picture"


def test_a_line_that_no_model_takes_is_refused(s3: MeasuredS3, front: Front) -> None:
    s3.put("assets/folder.zip", zipped({"records.jsonl": b"x" * (33 * MIB)}))
    with pytest.raises(SubmissionError, match=r"records\.jsonl has a line of more than"):
        unpacked(front)
    assert not front.of("CompleteMultipartUpload")


def test_without_time_nothing_is_put(s3: MeasuredS3, front: Front) -> None:
    s3.put("assets/folder.zip", zipped({"a.png": b"picture"}))
    with pytest.raises(SubmissionError, match="too little time"):
        unpacked(front, Deadline.after(FakeClock(), 0))
    assert not front.of("PutObject")


def test_an_entry_that_cannot_be_opened_is_a_broken_archive(s3: MeasuredS3, front: Front) -> None:
    archive = bytearray(zipped({"a.png": b"picture"}))
    # The flag of an encrypted entry, in its own header and in the directory.
    archive[6] |= 1
    archive[archive.index(b"PK\x01\x02") + 8] |= 1
    s3.put("assets/folder.zip", bytes(archive))
    with pytest.raises(SubmissionError, match=r"folder\.zip cannot be unpacked.*encrypted"):
        unpacked(front)
