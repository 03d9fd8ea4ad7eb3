"""Large objects are in S3 as any other, and not in the memory of the local AWS."""

import hashlib
import io
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from boto3.s3.transfer import TransferConfig

from bedrock_local.local_aws import LocalAws as Product
from bedrock_local.running import RunningAws

MEGABYTE = 1024**2
PART = 8 * MEGABYTE
CONTENT = random.Random(1).randbytes(2 * PART + 5)  # noqa: S311 (only has to be no repetition)
ONE_PART_AT_A_TIME = TransferConfig(use_threads=False)


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAws]:
    with Product(model="echo", directory=tmp_path_factory.mktemp("aws")) as running:
        running.client("s3").create_bucket(Bucket="large")
        running.client("s3").upload_fileobj(io.BytesIO(CONTENT), "large", "content")
        yield running


def test_the_content_comes_back_whole_and_in_parts(aws: RunningAws) -> None:
    s3 = aws.client("s3")
    assert s3.get_object(Bucket="large", Key="content")["Body"].read() == CONTENT
    middle = s3.get_object(Bucket="large", Key="content", Range=f"bytes={PART - 3}-{PART + 3}")
    assert middle["Body"].read() == CONTENT[PART - 3 : PART + 4]
    last = s3.get_object(Bucket="large", Key="content", PartNumber=3)
    assert last["Body"].read() == CONTENT[2 * PART :]
    downloaded = io.BytesIO()
    s3.download_fileobj("large", "content", downloaded)
    assert downloaded.getvalue() == CONTENT


def test_its_description_is_that_of_an_upload_in_parts(aws: RunningAws) -> None:
    found = aws.client("s3").head_object(Bucket="large", Key="content")
    digests = [hashlib.md5(CONTENT[start : start + PART]).digest() for start in range(0, len(CONTENT), PART)]  # noqa: S324 (as S3 makes an ETag)
    assert found["ETag"] == f'"{hashlib.md5(b"".join(digests)).hexdigest()}-3"'  # noqa: S324 (S3's own digest)
    assert found["ContentLength"] == len(CONTENT)


def test_a_copy_has_the_same_content(aws: RunningAws) -> None:
    s3 = aws.client("s3")
    s3.copy_object(
        Bucket="large", Key="copy", CopySource={"Bucket": "large", "Key": "content"}, ChecksumAlgorithm="SHA256"
    )
    assert s3.get_object(Bucket="large", Key="copy")["Body"].read() == CONTENT


def test_the_memory_does_not_grow_with_the_objects(aws: RunningAws) -> None:
    before = peak_memory(aws.pid)
    with tempfile.TemporaryFile() as file:
        file.truncate(128 * MEGABYTE)
        aws.client("s3").upload_fileobj(file, "large", "zeros", Config=ONE_PART_AT_A_TIME)
    assert aws.client("s3").get_object(Bucket="large", Key="zeros")["ContentLength"] == 128 * MEGABYTE
    assert peak_memory(aws.pid) - before < 64 * MEGABYTE


def peak_memory(pid: int) -> int:
    """The most memory that a process has had; what it has now where the system does not keep that."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return int(psutil.Process(pid).memory_info().rss)
    return int(next(line for line in status.read_text().splitlines() if line.startswith("VmHWM")).split()[1]) * 1024
