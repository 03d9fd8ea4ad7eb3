"""Shards are alike, as large as they shall be, and never smaller than a job takes."""

from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from batch_inference_pipeline.cutting.limits import Limits
from batch_inference_pipeline.cutting.upload import Upload

from .conftest import LIMITS, Run, record, records


def sizes(outcomes: list[dict[str, Any]]) -> list[int]:
    return [shard["Records"] for outcome in outcomes for shard in outcome["Shards"]]


def test_a_task_is_divided_evenly(run: Run) -> None:
    run.put({"in/a.jsonl": records(26)})
    run.survey()
    outcome = run.cut()
    names = [shard["Shard"] for shard in outcome[0]["Shards"]]
    assert names == ["000001-001", "000001-002", "000001-003", "000001-004"]
    assert sizes(outcome) == [7, 6, 6, 7]


def test_bytes_divide_where_records_are_long(run: Run) -> None:
    run.put({"in/a.jsonl": records(20, "x" * 300)})
    run.survey()
    outcomes = run.cut()
    assert sizes(outcomes) == [4, 4, 4, 4, 4]
    assert all(shard["Bytes"] <= LIMITS.bytes_per_file for shard in outcomes[0]["Shards"])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 300) | st.just(0), min_size=3, max_size=60))
def test_no_shard_has_fewer_records_than_a_job_takes(s3: Any, lengths: list[int]) -> None:
    run = Run(s3)
    run.put({"in/a.jsonl": b"".join(record(number, "x" * length) + b"\n" for number, length in enumerate(lengths))})
    run.survey()
    outcomes = run.cut()
    assert min(sizes(outcomes)) >= LIMITS.min_records_per_job
    assert sum(sizes(outcomes)) == len(lengths)
    assert sum(map(len, run.shards(outcomes))) == len(lengths)


def test_few_records_beside_an_object_that_is_a_shard_are_cut_together_with_it(run: Run) -> None:
    run.put({"in/a.jsonl": records(9), "in/b.jsonl": records(2, first=100), "in/c.jsonl": records(8, first=200)})
    run.survey()
    outcomes = run.cut()
    keys = [shard["Key"] for shard in outcomes[0]["Shards"]]
    assert keys[0] == "in/a.jsonl"
    assert sizes(outcomes) == [9, 10]
    assert run.shards(outcomes)[1] == [record(number) for number in (100, 101, *range(200, 208))]


def test_an_object_near_the_target_is_used_as_it_is(run: Run) -> None:
    run.put({f"in/{count:02}.jsonl": records(count, first=100 * count) for count in (5, 6, 8, 10)})
    run.survey()
    outcomes = run.cut()
    shards = {shard["Key"]: shard["Records"] for shard in outcomes[0]["Shards"]}
    assert shards == {
        "in/06.jsonl": 6, "in/08.jsonl": 8, "in/10.jsonl": 10, "out/runs/run/shards/1/000001-001.jsonl": 5
    }  # fmt: skip
    run.shards(outcomes)
    assert run.keys("out/runs/run/shards/") == ["out/runs/run/shards/1/000001-001.jsonl"]


@pytest.mark.parametrize(
    ("key", "content"),
    [
        ("without-an-id", records(7) + b'{"modelInput": {}}\n'),
        ("with-a-blank-line", records(4) + b"\n" + records(4, first=4)),
        ("no name & for a job", records(8)),
    ],
)
def test_what_a_job_does_not_take_as_it_is_is_cut(run: Run, key: str, content: bytes) -> None:
    run.put({f"in/{key}.jsonl": content})
    run.survey()
    outcomes = run.cut()
    assert [shard["Key"] for shard in outcomes[0]["Shards"]] == ["out/runs/run/shards/1/000001-001.jsonl"]
    assert sizes(outcomes) == [8]


def test_ids_are_given_where_there_are_none_and_stay_the_same(run: Run) -> None:
    line = '{ "modelInput": {"inputText": "é"}}\r\n'.encode()
    run.put({"in/a.jsonl": line * 3 + record(1) + b"\n", "in/b.jsonl": line})
    run.survey()
    outcomes = run.cut()
    assert outcomes[0]["IdsGiven"] == 4
    (lines,) = run.shards(outcomes)
    assert len({each.split(b'"')[3] for each in lines}) == 5
    assert all(each.endswith(',"modelInput": {"inputText": "é"}}'.encode()) for each in lines if each != record(1))
    assert run.shards(run.cut()) == [lines]


def test_another_try_gives_the_same_shards(run: Run) -> None:
    run.put({"in/a.jsonl": records(40), "in/b.jsonl": records(8, first=100)})
    run.survey()
    first = run.cut()
    keys = run.keys("")
    assert run.cut() == first
    assert run.keys("") == keys


def test_a_large_shard_is_sent_in_parts_and_encrypted(s3: Any, key: str) -> None:
    run = Run(s3, Limits(min_records_per_job=3), key_id=key)
    run.put({"in/a.jsonl": records(14, "x" * 1024**2)})
    run.survey()
    with patch.object(Upload, "PART", 5 * 1024**2):
        outcomes = run.cut()
    run.shards(outcomes)
    found = run.s3.head_object(Bucket=run.bucket, Key=outcomes[0]["Shards"][0]["Key"])
    assert found["ETag"].endswith('-3"')
    assert (found["ServerSideEncryption"], found["SSEKMSKeyId"].rpartition("/")[2]) == ("aws:kms", key)
