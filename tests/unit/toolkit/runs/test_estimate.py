"""About what a run comes to: what is counted, and in how many jobs that goes."""

import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType, SimpleNamespace
from typing import Any

import pytest
from botocore.response import StreamingBody

from bedrock_batch import Pipeline, RecordLimits, RunError, estimate_run

MEBIBYTE = 1024 * 1024


def pipeline(input_uri: str = "s3://bucket/in/", **limits: int) -> Pipeline:
    output = {"s3OutputDataConfig": {"s3Uri": "s3://summaries/"}}
    job = {"inputDataConfig": {"s3InputDataConfig": {"s3Uri": input_uri}}, "outputDataConfig": output}
    return Pipeline("arn", "nightly", job, RecordLimits(**limits))


def bucket(sizes: dict[str, int], content: bytes, written: Mapping[str, bytes] = MappingProxyType({})) -> Any:
    """S3 with objects of some sizes, which all begin with the same, and what runs have written."""

    def get(Key: str, Range: str = "", **_: str) -> dict[str, Any]:  # noqa: N803 - the API's names
        if Key in written:
            return {"Body": StreamingBody(io.BytesIO(written[Key]), len(written[Key]))}
        first, last = map(int, Range.removeprefix("bytes=").split("-"))
        assert (first, last < MEBIBYTE) == (0, True)
        return {"Body": io.BytesIO(content[: last + 1])}

    def listed(Prefix: str, **_: Any) -> dict[str, int]:  # noqa: N803 - the same
        return {"KeyCount": int(Prefix in written)}

    objects = [{"Key": key, "Size": size, "ETag": str(size)} for key, size in sorted(sizes.items())]
    pages = SimpleNamespace(paginate=lambda Bucket, Prefix: [{"Contents": objects}])  # noqa: ARG005, N803 - the same
    return SimpleNamespace(get_paginator=lambda _: pages, get_object=get, list_objects_v2=listed)


def jsonl(lines: Iterable[Any]) -> bytes:
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


def test_records_are_as_long_as_those_of_the_sample() -> None:
    """Lines of 100 bytes, one of which the end of the sample cuts."""
    found = estimate_run(
        bucket({"in/a.jsonl": 10**9, "in/b.jsonl": 10**9}, b"x" * 99 + b"\n" + b"x" * 99 + b"\ncut"), pipeline()
    )
    assert (found.objects, found.bytes, found.records, found.sampled) == (2, 2 * 10**9, 20_000_000, 2)
    # 0.8 of 50,000 records are a job.
    assert found.jobs == 500
    assert "20,000,000 records in about 500 jobs, as the first 2 tell" in str(found)


def test_what_is_read_whole_is_counted_however_long_the_lines_are_and_wherever_the_last_one_ends() -> None:
    content = b"".join(b"x" * number + b"\n" for number in range(1, 301)).rstrip()
    sizes = {"in/a.jsonl": len(content), "in/b.jsonl": len(content)}
    found = estimate_run(bucket(sizes, content), pipeline(records_per_job=150))
    assert (found.records, found.jobs, found.is_counted) == (600, 5, True)
    assert ": 600 records in about 5 jobs" in str(found)


def test_of_many_objects_few_are_read() -> None:
    line = b"123456789\n"
    found = estimate_run(bucket({f"in/{number:03}.jsonl": len(line) for number in range(500)}, line), pipeline())
    assert (found.records, found.sampled, found.is_counted) == (500, 20, False)


def test_what_the_last_run_has_seen_is_not_counted_where_only_what_is_new_is_taken() -> None:
    new = replace(pipeline(), only_new=True)
    line = b"123456789\n"
    listed = {"in/a.jsonl": 50, "in/b.jsonl": 70, "in/c.jsonl": 50}
    assert estimate_run(bucket(listed, line), new).records == 17
    taken = [["in/0-is-gone.jsonl", "10"], *([key, str(size)] for key, size in listed.items())]
    s3 = bucket(listed, line, {"runs/last.json": b'{"Run": "monday"}', "runs/monday/seen.jsonl": jsonl(taken)})
    assert str(estimate_run(s3, new)) == "nothing is new since the last run that succeeded"
    assert estimate_run(s3, pipeline()).records == 17
    taken[2][1] = "of another content"
    s3 = bucket(listed, line, {"runs/last.json": b'{"Run": "monday"}', "runs/monday/seen.jsonl": jsonl(taken)})
    assert estimate_run(s3, new).records == 7


def test_where_records_are_long_their_bytes_decide() -> None:
    found = estimate_run(
        bucket({"in/a.jsonl": 8 * 2**30}, b"x" * (MEBIBYTE // 2 - 1) + b"\n" + b"x" * MEBIBYTE), pipeline()
    )
    assert (found.records, found.jobs) == (16384, 10)


@pytest.mark.parametrize("content", [b"a record that is longer than the sample" * 40_000, b'{"recordId": "1"}'])
def test_a_sample_without_the_end_of_a_line_is_one_record(content: bytes) -> None:
    assert estimate_run(bucket({"in/a.jsonl": len(content)}, content), pipeline()).sampled == 1


def test_what_no_run_reads_is_not_counted() -> None:
    sizes = {"in/a.jsonl": 10, "in/deep/b.jsonl": 10, "in/empty.jsonl": 0, "in/notes.txt": 10, "in-other/c.jsonl": 10}
    assert estimate_run(bucket(sizes, b"123456789\n"), pipeline("s3://bucket/in")).objects == 2
    named = estimate_run(
        bucket({"in.jsonl": 10, "in.jsonl/x.jsonl": 10}, b"123456789\n"), pipeline("s3://bucket/in.jsonl")
    )
    assert named.objects == 1
    with pytest.raises(RunError, match=r"s3://bucket/in/ has no object with records .* upload them first"):
        estimate_run(bucket({"in/notes.txt": 10}, b""), pipeline())
