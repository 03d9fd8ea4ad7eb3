"""What is wrong with the input is said in a sentence: where, what, and what to change. No job is made of the rest."""

import json
import re
from typing import Any
from unittest.mock import patch

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from batch_inference_pipeline.cutting.cut import Cut
from batch_inference_pipeline.cutting.limits import Limits
from batch_inference_pipeline.cutting.store import Store
from batch_inference_pipeline.cutting.upload import Upload
from batch_inference_pipeline.errors import BadInputError, RefusedError

from .conftest import Run, record, records

PROBLEMS = {
    b"\xef\xbb\xbf" + record(9): "starts with a byte order mark (BOM); save the object as UTF-8 without one",
    b"\xff{}": "is not UTF-8: byte 1 of the line is 0xff; save the object as plain text in UTF-8, not compressed",
    b'{"recordId": "9"': "is not JSON: expecting ',' delimiter at column 17; write one whole JSON object on each line",
    b"{} {}": "is not JSON: extra data at column 3; write one whole JSON object on each line",
    b"\x0b" + record(9): "is not JSON: expecting value at column 1; write one whole JSON object on each line",
    b"text": "is not JSON: expecting value at column 1; write one whole JSON object on each line",
    b'{"modelInput": {"t": NaN}}': "is not JSON: NaN is no JSON number; write a number, null or a string",
    b"[" * 100_000: "nests its values too deeply to be read; flatten the record",
    b"[1]": "must be a JSON object, got a list; write one JSON object on each line",
    b"12": "must be a JSON object, got the number 12; write one JSON object on each line",
    b'{"recordId": 9, "modelInput": {}}': "'recordId' must be a string, got the number 9; write it in quotes",
    b'{"recordId": null, "modelInput": {}}': "'recordId' must be a string, got null; write it in quotes or",
    b'{"custom_id": "9", "body": {}}': """'modelInput' is missing (the keys are: "custom_id", "body"); put the""",
    b'{"modelInput": "Hello"}': """'modelInput' must be an object, got "Hello"; write the request body""",
    record(0): """has the 'recordId' "r0" of a record before it, and results are told apart by it; give""",
}


@pytest.mark.parametrize("line", PROBLEMS)
def test_a_line_that_is_no_record_is_told(s3: Any, line: bytes) -> None:
    run = Run(s3, Limits(min_records_per_job=3))
    run.put({"in/a.jsonl": records(4) + line + b"\n"})
    run.survey()
    (outcome,) = run.cut()
    assert outcome["Problems"] == 1
    assert f"s3://{run.bucket}/in/a.jsonl: line 5 {PROBLEMS[line]}" in outcome["FirstProblems"][0]["Problem"]
    with pytest.raises(BadInputError) as refused:
        run.manifest()
    assert f"the input has 1 problem in 1 object: s3://{run.bucket}/in/a.jsonl: line 5" in str(refused.value)
    assert run.keys(run.places.manifest(1).key) == []


def test_an_object_of_the_size_of_a_shard_is_looked_at_as_closely(run: Run) -> None:
    run.put({"in/a.jsonl": records(7) + b"\x0b" + record(7) + b"\n"})
    run.survey()
    (outcome,) = run.cut()
    assert "line 8 is not JSON: " in outcome["FirstProblems"][0]["Problem"]


@pytest.mark.parametrize("length", [600, 10_000, 600_000])
def test_a_line_that_is_too_long_is_told_and_the_others_are_read(run: Run, length: int) -> None:
    run.put({"in/a.jsonl": records(4) + record(4, "x" * length) + b"\n" + records(4, first=5)})
    run.survey()
    (outcome,) = run.cut()
    assert (outcome["Records"], outcome["Problems"]) == (8, 1)
    said = outcome["FirstProblems"][0]["Problem"]
    assert said.endswith(
        "line 5 is longer than 600 bytes, the most that a request to a model may have; shorten the record"
    )


def test_many_problems_are_counted_and_a_few_named(run: Run) -> None:
    run.put(
        {"in/a.jsonl": b"text\n" * 50, "in/b.jsonl": records(4) + b"\n\ntext", "in/c.jsonl": records(30, first=100)}
    )
    run.survey()
    (outcome,) = run.cut()
    assert (outcome["Problems"], len(outcome["FirstProblems"])) == (51, 20)
    with pytest.raises(BadInputError) as refused:
        run.manifest()
    said = str(refused.value)
    assert said.startswith("the input has 51 problems in 2 objects: ")
    assert said.count("in/a.jsonl: line ") == 3
    assert f"; s3://{run.bucket}/out/runs/run/cut/1/ has the first 20 of each task" in said


@pytest.mark.parametrize("overwritten", [records(30, "y"), None])
def test_an_object_that_changes_after_it_was_listed_is_told(run: Run, overwritten: bytes | None) -> None:
    run.put({"in/a.jsonl": records(30), "in/b.jsonl": records(30, first=100)})
    run.survey()
    if overwritten:
        run.put({"in/a.jsonl": overwritten})
    else:
        run.s3.delete_object(Bucket=run.bucket, Key="in/a.jsonl")
    (outcome,) = run.cut()
    assert outcome["Problems"] == 1
    said = f"was {'overwritten' if overwritten else 'removed'} after the run had listed it; "
    with pytest.raises(BadInputError, match=rf"in/a.jsonl {said}.* and start another run"):
        run.manifest()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\n\n", "the input has no records; write one on each line of an object"),
        (
            records(2),
            "2 records, and a job takes 3 or more; add 1, or set limits=RecordLimits(min_records_per_job=2) if",
        ),
    ],
)
def test_an_input_that_is_too_little_for_a_job_is_refused(run: Run, content: bytes, said: str) -> None:
    run.put({"in/a.jsonl": content})
    run.survey()
    run.cut()
    with pytest.raises(BadInputError, match=re.escape(said)):
        run.manifest()


def test_records_of_which_too_few_fit_into_an_object_are_refused(s3: Any) -> None:
    run = Run(s3, Limits(min_records_per_job=5, bytes_per_file=1000, bytes_per_record=600))
    run.put({"in/a.jsonl": records(10, "x" * 250)})
    run.survey()
    run.cut()
    said = "a job would have 3 records of together 906 bytes (s3://"
    with pytest.raises(BadInputError, match=re.escape(said)) as refused:
        run.manifest()
    assert "one takes 5 or more, and their bytes are limited, too; shorten the records, or set" in str(refused.value)


def test_the_manifest_lists_the_shards_of_all_tasks(run: Run) -> None:
    run.put({"in/a.jsonl": records(20), "in/b.jsonl": records(8, first=100)})
    run.survey()
    (outcome,) = run.cut()
    assert run.manifest() == [{**shard, "Round": 1} for shard in outcome["Shards"]]
    assert len(outcome["Shards"]) == 4


class Unsteady:
    """A client of S3 whose connections break."""

    def __init__(self, s3: Any, times: int) -> None:
        self._s3, self._left = s3, times

    def __getattr__(self, name: str) -> Any:
        return getattr(self._s3, name)

    def get_object(self, **request: Any) -> dict[str, Any]:
        found = self._s3.get_object(**request)
        if self._left and request["Key"].startswith("in/"):
            self._left -= 1
            found["Body"] = Broken(found["Body"])
        return {**found}


class Broken:
    """A stream that ends early."""

    def __init__(self, body: Any) -> None:
        self._body, self._read = body, False

    def read(self, _size: int) -> bytes:
        if self._read:
            raise ReadTimeoutError(endpoint_url="")
        self._read = True
        content: bytes = self._body.read(100)
        return content

    def close(self) -> None:
        self._body.close()


def test_a_connection_that_breaks_is_taken_up_where_it_broke(run: Run) -> None:
    run.put({"in/a.jsonl": records(40)})
    run.survey()
    steady = run.cut()
    Cut(Store(Unsteady(run.s3, 5)), run.limits).run(run.places, 1, "000001")
    assert json.loads(run.read(run.places.cut(1).below("000001.json").key)) == steady[0]
    assert sum(map(len, run.shards(steady))) == 40


class Forbidden(Unsteady):
    """A client of S3 that may not read some object."""

    def get_object(self, **request: Any) -> dict[str, Any]:
        if request["Key"] == "in/b.jsonl":
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no policy allows it"}}, "GetObject")
        return super().get_object(**request)


def test_what_may_not_be_read_is_refused_and_nothing_is_left_of_a_shard(run: Run) -> None:
    run.put({"in/a.jsonl": records(5), "in/b.jsonl": records(1)})
    run.survey()
    said = "in/b.jsonl: the pipeline may not read it (s3:GetObject): no policy allows it; allow it that"
    with patch.object(Upload, "PART", 100), pytest.raises(RefusedError, match=re.escape(said)):
        Cut(Store(Forbidden(run.s3, 0)), run.limits).run(run.places, 1, "000001")
    assert run.s3.list_multipart_uploads(Bucket=run.bucket).get("Uploads", []) == []
    assert run.keys("out/runs/run/shards/") == []


class ReadOnly(Unsteady):
    """A client of S3 that may not write shards."""

    def put_object(self, **request: Any) -> dict[str, Any]:
        if "/shards/" in request["Key"]:
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no policy allows it"}}, "PutObject")
        content: dict[str, Any] = self._s3.put_object(**request)
        return content


@pytest.mark.parametrize("count", [5, 26], ids=["the last shard", "one of several"])
def test_what_may_not_be_written_is_refused(run: Run, count: int) -> None:
    run.put({"in/a.jsonl": records(count)})
    run.survey()
    said = "-001.jsonl: the pipeline may not write it (s3:PutObject): no policy allows it; allow it that"
    with pytest.raises(RefusedError, match=re.escape(said)):
        Cut(Store(ReadOnly(run.s3, 0)), run.limits).run(run.places, 1, "000001")


def test_more_records_than_a_run_may_have_are_refused_and_nothing_is_listed(s3: Any) -> None:
    """What was listed would be run by whoever goes on with the run."""
    run = Run(s3, Limits(min_records_per_job=3))
    run.put({"in/a.jsonl": records(5)})
    run.survey()
    run.cut()
    with pytest.raises(BadInputError, match="has 5 records, and a run may have 4: raise 'max_records'"):
        run.manifest(most=4)
    assert run.keys(run.places.manifest(1).key) == []
    assert len(run.manifest(most=5)) == 1
