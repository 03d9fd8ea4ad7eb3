"""Objects that are copied inside S3: at once, or in parts that fit S3's limits and the function's time."""

import re
from typing import Any

import pytest
from botocore.session import Session

from model_invocation_job.clock import Deadline
from model_invocation_job.errors import SubmissionError
from model_invocation_job.input.copying import PART, ranges_of
from model_invocation_job.input.staging import S3Staging
from model_invocation_job.requests.staged_object import LARGEST_OBJECT, StagedObject

from .fakes import FakeClock

GIB = 1024**3


class RecordedS3:
    """S3 that copies nothing and remembers what it was asked; each part takes its time."""

    def __init__(self, clock: FakeClock, seconds: float = 0) -> None:
        self._clock, self._seconds = clock, seconds
        self.calls: list[tuple[str, dict[str, Any]]] = []

    def __getattr__(self, name: str) -> Any:
        def call(**arguments: Any) -> dict[str, Any]:
            self.calls.append((name, arguments))
            if name == "upload_part_copy":
                self._clock.sleep(self._seconds)
            return {"UploadId": "upload", "CopyPartResult": {"ETag": f"etag of {arguments.get('PartNumber')}"}}

        return call

    def of(self, name: str) -> list[dict[str, Any]]:
        return [arguments for called, arguments in self.calls if called == name]


def stage(size: int, seconds: float = 0, left: float = 860) -> RecordedS3:
    clock = FakeClock()
    s3 = RecordedS3(clock, seconds)
    S3Staging(s3).stage([StagedObject("s3://assets/a", "s3://in/a.jsonl", size)], Deadline.after(clock, left))
    return s3


def test_an_object_that_tells_no_size_is_copied_at_once() -> None:
    ((name, arguments),) = stage(0).calls
    assert name == "copy_object"
    assert (arguments["Bucket"], arguments["Key"]) == ("in", "a.jsonl")
    assert arguments["CopySource"] == {"Bucket": "assets", "Key": "a"}


def test_an_objects_tags_are_not_copied() -> None:
    """The job's input needs none, and to read those of the source is a right of its own."""
    ((_, arguments),) = stage(0).calls
    (anew,) = set(Session().get_service_model("s3").shape_for("TaggingDirective").enum) - {"COPY"}
    assert arguments["TaggingDirective"] == anew


@pytest.mark.parametrize("size", [PART + 1, GIB - 1, GIB, GIB + 1, 5 * GIB, 5 * GIB + 1, 6 * GIB])
def test_parts_are_the_whole_object_in_order(size: int) -> None:
    s3 = stage(size)
    assert not s3.of("copy_object")
    copied = {each["PartNumber"]: each for each in s3.of("upload_part_copy")}
    bounds = [re.fullmatch(r"bytes=(\d+)-(\d+)", copied[number]["CopySourceRange"]) for number in sorted(copied)]
    end = 0
    for found in bounds:
        assert found
        first, last = int(found[1]), int(found[2])
        assert first == end
        assert last - first < PART
        end = last + 1
    assert end == size
    (completed,) = s3.of("complete_multipart_upload")
    expected = [{"PartNumber": number, "ETag": f"etag of {number}"} for number in range(1, len(bounds) + 1)]
    assert completed["MultipartUpload"]["Parts"] == expected
    assert (completed["Bucket"], completed["Key"], completed["UploadId"]) == ("in", "a.jsonl", "upload")


@pytest.mark.parametrize("size", [PART + 1, 5 * GIB, 5000 * GIB, LARGEST_OBJECT])
def test_parts_are_within_s3s_limits_whatever_the_size(size: int) -> None:
    """5 MiB to 5 GiB but for the last, 10,000 at most."""
    ranges = ranges_of(size)
    assert len(ranges) <= 10_000
    first = ranges[0].removeprefix("bytes=0-")
    assert 5 * 1024**2 <= int(first) + 1 <= 5 * GIB


def test_a_copy_ends_when_the_time_does_and_is_not_put_together() -> None:
    """Parts that nobody waits for are not begun: the answer is due."""
    clock = FakeClock()
    s3 = RecordedS3(clock, seconds=10)
    item = StagedObject("s3://assets/a", "s3://in/a.jsonl", 100 * GIB)
    with pytest.raises(SubmissionError, match="too little time to copy so much: give the job less at once"):
        S3Staging(s3).stage([item], Deadline.after(clock, 300))
    assert len(s3.of("upload_part_copy")) < 60
    assert not s3.of("complete_multipart_upload")
