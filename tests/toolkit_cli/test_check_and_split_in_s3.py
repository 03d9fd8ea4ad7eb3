"""The same commands, with their files in S3."""

import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bedrock_batch import SplitError, check, convert, split
from bedrock_batch.records.limits import RecordLimits
from bedrock_local.local_aws import LocalAws
from tests.conftest import RecordFile

from .command import bedrock_batch

FEW = RecordLimits(min_records_per_job=1)


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with LocalAws(model="echo", directory=tmp_path_factory.mktemp("aws")) as running:
        yield running


@pytest.fixture(scope="module")
def s3(aws: Any) -> Any:
    return aws.client("s3")


@pytest.fixture
def bucket(s3: Any) -> str:
    name = f"b-{uuid.uuid4().hex}"
    s3.create_bucket(Bucket=name)
    return name


def video(uri: str) -> bytes:
    source = {"s3Location": {"uri": uri}}
    body = {"messages": [{"role": "user", "content": [{"video": {"format": "mp4", "source": source}}]}]}
    return json.dumps({"recordId": "1", "modelInput": body}).encode()


def told(uri: str, s3: Any) -> list[str]:
    return str(check(uri, limits=FEW, s3_client=s3)).splitlines()[:-1]


def test_an_object_and_a_folder_are_checked(record_file: RecordFile, s3: Any, bucket: str) -> None:
    file = record_file(60)
    s3.upload_file(str(file), bucket, "in/a.jsonl")
    s3.put_object(Bucket=bucket, Key="in/b.jsonl", Body=file.read_bytes().replace(b'"r', b'"s'))
    for uri in (f"s3://{bucket}/in/", f"s3://{bucket}/in", f"s3://{bucket}"):
        report = check(uri, s3_client=s3)
        assert report.ok
        assert (report.records, report.bytes) == (120, 2 * file.stat().st_size)
    report = check(f"s3://{bucket}/in/a.jsonl", limits=FEW, s3_client=s3)
    assert (report.ok, report.records) == (True, 60)


def test_a_bad_line_is_named_by_its_uri(s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="in/a.jsonl", Body=b'{"modelInput": {}}\n{"modelInput": 1}\n')
    (problem,) = told(f"s3://{bucket}/in/", s3)
    assert problem.startswith(f"s3://{bucket}/in/a.jsonl:2:16: 'modelInput' must be an object")


def test_a_file_of_openai_s_is_converted_from_s3(aws: Any, s3: Any, bucket: str, tmp_path: Path) -> None:
    body = {"messages": [{"role": "user", "content": "Hi"}]}
    line = {"custom_id": "a", "method": "POST", "url": "/v1/chat/completions", "body": body}
    s3.put_object(Bucket=bucket, Key="in/a.jsonl", Body=json.dumps(line).encode())
    s3.put_object(Bucket=bucket, Key="in/b.jsonl", Body=json.dumps({**line, "method": "GET"}).encode())
    words = (
        "convert",
        f"s3://{bucket}/in/a.jsonl",
        "--model",
        "amazon.nova-lite-v1:0",
        "--output",
        tmp_path / "out.jsonl",
    )
    run = bedrock_batch(*words, **aws.environment())
    assert (run.returncode, run.stderr) == (0, "")
    assert json.loads((tmp_path / "out.jsonl").read_text())["recordId"] == "a"
    told = str(convert(f"s3://{bucket}/in/", tmp_path / "out.jsonl", model="amazon.nova-lite-v1:0", s3_client=s3))
    assert told.startswith(f"s3://{bucket}/in/b.jsonl:1:30: 'method' must be \"POST\"")


def test_media_are_looked_for_beside_the_records(s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="in/bees.mp4", Body=b"")
    s3.put_object(Bucket=bucket, Key="in/a.jsonl", Body=video(f"s3://{bucket}/in/bees.mp4"))
    assert told(f"s3://{bucket}/in/", s3) == []
    for uri, message in (
        (f"s3://{bucket}/in/Bees.mp4", "is not there; upload it"),
        (f"s3://{bucket}/bees.mp4", f"is not in the folder of the records, s3://{bucket}/in/, where all media must be"),
    ):
        s3.put_object(Bucket=bucket, Key="in/a.jsonl", Body=video(uri))
        (problem,) = told(f"s3://{bucket}/in/", s3)
        assert message in problem


@pytest.mark.parametrize("key", ["nothing/", "in/none.jsonl"])
def test_a_place_without_records_is_told(s3: Any, bucket: str, key: str) -> None:
    assert told(f"s3://{bucket}/{key}", s3) == [
        f"s3://{bucket}/{key}: has no object whose key ends in .jsonl; check the URI, or upload the records"
    ]


@pytest.mark.parametrize("key", ["date=2026-11-01/", "a//b/", "a b.jsonl", "x" * 1100])
def test_a_uri_that_no_job_may_have_is_told(s3: Any, key: str) -> None:
    (problem,) = told(f"s3://bucket/{key}", s3)
    assert "is no S3 URI that a job may have" in problem


def test_an_object_packed_by_mistake_is_told(s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="a.jsonl", Body=b"\x1f\x8b\x08packed")
    s3.put_object(Bucket=bucket, Key="b.jsonl", Body=b"")
    s3.put_object(Bucket=bucket, Key="c.jsonl.gz", Body=b"")
    problems = told(f"s3://{bucket}/", s3)
    assert [problem.partition(": ")[2].partition(",")[0].partition(";")[0] for problem in problems] == [
        "is compressed with gzip",
        "is empty",
        f"warning: \"s3://{bucket}/c.jsonl.gz\" does not end in '.jsonl'",
    ]


def test_shards_go_to_s3_and_are_kept_by_the_next_run(record_file: RecordFile, s3: Any, bucket: str) -> None:
    file = record_file(25)
    limits = RecordLimits(min_records_per_job=1, records_per_file=10)
    place = f"s3://{bucket}/parts/"
    report = split(file, place, limits=limits, s3_client=s3)
    assert report.files == tuple(f"{place}records-0000{number}.jsonl" for number in (1, 2, 3))
    objects = [s3.get_object(Bucket=bucket, Key=name.removeprefix(f"s3://{bucket}/")) for name in report.files]
    assert b"".join(found["Body"].read() for found in objects) == file.read_bytes()
    s3.delete_object(Bucket=bucket, Key="parts/records-00002.jsonl")
    assert split(file, place, limits=limits, s3_client=s3).kept == 2
    s3.put_object(Bucket=bucket, Key="parts/records-00002.jsonl", Body=b"other")
    with pytest.raises(SplitError, match="is there already and is not what this input gives"):
        split(file, place, limits=limits, s3_client=s3)


def test_a_large_shard_is_uploaded_in_parts(tmp_path: Path, s3: Any, bucket: str) -> None:
    line = json.dumps({"recordId": "r", "modelInput": {"text": "x" * 1_000_000}}) + "\n"
    (tmp_path / "in.jsonl").write_text(line * 12)
    limits = RecordLimits(min_records_per_job=1)
    (name,) = split(tmp_path / "in.jsonl", f"s3://{bucket}", limits=limits, s3_client=s3).files
    head = s3.head_object(Bucket=bucket, Key=name.removeprefix(f"s3://{bucket}/"))
    assert head["ContentLength"] == 12 * len(line)
    assert head["ETag"].strip('"').endswith("-2")


def test_the_commands_take_the_endpoint_from_the_command_line(record_file: RecordFile, aws: Any, bucket: str) -> None:
    options = ("--endpoint-url", aws.endpoint_url, "--region", "us-east-1")
    secret = {"AWS_SECRET_ACCESS_KEY": aws.secret}
    run = bedrock_batch("split", record_file(), "--to", f"s3://{bucket}/parts/", *options, **secret)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout == f"s3://{bucket}/parts/records-00001.jsonl\n100 records in 1 file, 100 in each\n"
    run = bedrock_batch("check", f"s3://{bucket}/parts/", *options, **secret)
    assert (run.returncode, run.stderr) == (0, "")
    secret["AWS_ENDPOINT_URL"] = aws.endpoint_url
    assert bedrock_batch("check", f"s3://{bucket}/parts/", **secret).returncode == 0


def test_what_s3_refuses_is_told_without_a_traceback(aws: Any) -> None:
    options = ("--endpoint-url", aws.endpoint_url, "--region", "us-east-1")
    run = bedrock_batch("check", "s3://no-such-bucket/in/", *options, AWS_SECRET_ACCESS_KEY=aws.secret)
    assert run.returncode == 2
    assert run.stderr.startswith("bedrock-batch: An error occurred (NoSuchBucket)")
    run = bedrock_batch("check", "s3://bucket/in/", "--profile", "no-such-profile")
    assert (run.returncode, run.stderr) == (
        2,
        "bedrock-batch: The config profile (no-such-profile) could not be found\n",
    )
