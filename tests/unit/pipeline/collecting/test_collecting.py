"""What a job came to, record by record, in a real S3: nothing is lost, and nothing counts twice."""

import json
import tracemalloc
from collections import Counter
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from batch_inference_pipeline.collecting.collecting import Collecting
from batch_inference_pipeline.collecting.objects import Objects
from batch_inference_pipeline.errors import BadInputError
from bedrock_local.running import RunningAws
from model_invocation_job.results.manifest import S3Manifests
from tests.unit.pipeline.one_run import OneRun, answered, failed, record

MEGABYTE = 1024**2

# Few names, so that they meet: in the shard, in the output, and twice in each.
NAMES = st.sampled_from(["a", "b", "c", "ü\u2028", "\ud83d"])
TEXTS = st.sampled_from(["?", "!"])
LINES_OF: dict[str, Callable[[str, str], bytes]] = {
    "succeeded": answered,
    "failed": lambda name, text: failed(name, text=text),
    "throttled": lambda name, text: failed(name, 429, text=text),
    "broken": lambda name, text: failed(name, 503, text=text),
    "told": lambda name, text: failed(name, text=text, retryable=True),
    "late": lambda name, text: failed(name, text=text, expired=True),
    "torn": lambda name, text: answered(name, text)[:-9] + b"\n",
    "empty": lambda name, _: json.dumps({"recordId": name}).encode() + b"\n",
}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    shard=st.lists(st.tuples(NAMES, TEXTS), min_size=1, max_size=8),
    output=st.lists(st.tuples(st.sampled_from(sorted(LINES_OF)), NAMES, TEXTS), max_size=12),
)
def test_each_record_is_exactly_one_of_succeeded_failed_and_left(
    aws: RunningAws, shard: list[tuple[str, str]], output: list[tuple[str, str, str]]
) -> None:
    run = OneRun(aws)
    cut = run.shard(*(record(*each) for each in shard))
    lines = [LINES_OF[kind](name, text) for kind, name, text in output]
    outcome = run.collecting.collect(cut, run.job(cut, *lines), 1)
    left, for_good = run.lines_below(run.places.left(1)), run.lines_below(run.places.failed(1))
    assert outcome["Succeeded"] + outcome["Failed"] + outcome["Left"] == outcome["Records"] == len(shard)
    assert (len(left), len(for_good)) == (outcome["Left"], outcome["Failed"])
    assert Counter(left) <= Counter(record(*each) for each in shard)
    assert Counter(for_good) <= Counter(
        line for (kind, *_), line in zip(output, lines, strict=True) if kind == "failed"
    )
    names = [name for name, _ in shard]
    for name, text in set(shard):
        # Only where an id repeats has the body to be that of the record.
        kinds = Counter(kind for kind, of, asked in output if of == name and (names.count(name) == 1 or asked == text))
        records = shard.count((name, text))
        succeeded = min(records, kinds["succeeded"])
        failed_ones = min(records - succeeded, kinds["failed"])
        said = [json.loads(line) for line in for_good if names.count(name) == 1 or line == failed(name, text=text)]
        assert sum(each["recordId"] == name for each in said) == failed_ones
        assert left.count(record(name, text)) == records - succeeded - failed_ones


def test_what_is_left_is_as_it_stood_in_the_shard(run: OneRun) -> None:
    lines = [
        b'{ "modelInput":{"prompt":"\xe2\x80\xa8 \xc2\x85"},   "recordId": "a", "seed": 1e2}\r\n',
        b"\n",
        record("b"),
        b'{"recordId":"\\u0063","modelInput":{}}',
    ]
    shard = run.shard(*lines)
    run.collecting.collect(shard, run.job(shard, answered("b")), 1)
    assert run.get(run.places.left(1).below("000001-001-1.jsonl")) == lines[0] + lines[3] + b"\n"


def test_of_two_records_with_one_id_the_one_without_an_answer_is_asked_again(run: OneRun) -> None:
    first, second = record("a", "first"), record("a", "second")
    shard = run.shard(first, second)
    run.collecting.collect(shard, run.job(shard, failed("a", 429, text="second"), answered("a", "first")), 1)
    assert run.lines_below(run.places.left(1)) == [second]


def test_a_job_that_wrote_nothing_leaves_all(run: OneRun) -> None:
    shard = run.shard(record("a"), record("b"))
    job = run.job(shard, status="Expired")
    outcome = run.collecting.collect(shard, job, 1)
    assert outcome["Left"] == 2
    assert outcome["Tokens"] == {}
    assert (outcome["JobArn"], outcome["Status"]) == (job.arn, "Expired")
    assert run.lines_below(run.places.left(1)) == [record("a"), record("b")]
    assert not run.lines_below(run.places.failed(1))


def test_the_outcome_tells_why_records_failed_and_what_was_odd(run: OneRun) -> None:
    shard = run.shard(*map(record, "abcdef"))
    odd = answered("f")[:-20] + b"\n"
    lines = [answered("a"), failed("b", 400, "first"), failed("c", 400, "then"), failed("d", 403), odd, answered("z")]
    job = run.job(shard, *lines, totalRecordCount=6, inputTokenCount=17, outputTokenCount=4)
    run.collecting.collect(shard, job, 1)
    outcome = run.objects.read(run.places.outcomes(1).below("000001-001-1.json"))
    assert outcome["Errors"] == {"400": {"Count": 2, "Message": "first"}, "403": {"Count": 1, "Message": "no"}}
    assert (outcome["Succeeded"], outcome["Failed"], outcome["Left"]) == (1, 3, 2)
    assert outcome["Odd"] == 2
    assert outcome["OddLine"].startswith("line 5 is not JSON in UTF-8")
    assert "recordId" not in outcome["OddLine"]
    assert outcome["Tokens"] == {"inputTokenCount": 17, "outputTokenCount": 4}
    assert outcome["Results"] == f"{run.places.results.uri}{job.id}/"


def test_a_number_that_python_does_not_read_is_a_number(run: OneRun) -> None:
    body = b'"modelInput":{"seed":' + b"9" * 5_000 + b"}"
    shard = run.shard(b'{"recordId":"a",' + body + b"}\n", b'{"recordId":"b",' + body + b"}\n")
    outcome = run.collecting.collect(shard, run.job(shard, b"{" + body + b',"modelOutput":{},"recordId":"a"}\n'), 1)
    assert (outcome["Succeeded"], outcome["Left"], outcome["Odd"]) == (1, 1, 0)


def test_what_is_written_is_encrypted_with_the_key_of_the_pipeline(run: OneRun) -> None:
    key = run.aws.client("kms").create_key()["KeyMetadata"]["Arn"]
    objects = Objects(run.s3, key)
    shard = run.shard(record("a"), record("b"))
    Collecting(objects, S3Manifests(run.s3), run.places).collect(shard, run.job(shard, failed("a")), 1)
    for prefix in (run.places.left(1), run.places.failed(1), run.places.outcomes(1)):
        (place,) = objects.below(prefix)
        assert run.s3.head_object(Bucket=place.bucket, Key=place.key)["SSEKMSKeyId"] == key
        objects.move(place, moved := place.below("-moved"))
        assert run.s3.head_object(Bucket=moved.bucket, Key=moved.key)["SSEKMSKeyId"] == key


def test_a_message_is_told_no_longer_than_anyone_reads(run: OneRun) -> None:
    shard = run.shard(record("a"))
    outcome = run.collecting.collect(shard, run.job(shard, failed("a", 400, "x" * 100_000)), 1)
    assert len(json.dumps(outcome)) < 2_000


def test_collecting_again_changes_nothing(run: OneRun) -> None:
    shard = run.shard(*map(record, "abc"))
    job = run.job(shard, answered("a"), failed("b"))
    told = run.collecting.collect(shard, job, 1)
    written = run.all_below(run.places.output)
    assert run.collecting.collect(shard, job, 1) == told
    assert run.all_below(run.places.output) == written


def test_what_an_earlier_job_of_the_shard_left_is_not_asked_beside_what_the_later_one_did(run: OneRun) -> None:
    shard = run.shard(*map(record, "abc"))
    run.collecting.collect(shard, run.job(shard, status="Failed"), 1)
    run.collecting.collect(shard, run.job(shard, answered("a"), answered("c")), 2)
    assert run.all_below(run.places.left(1)) == {"000001-001-2.jsonl": record("b")}


@pytest.mark.parametrize(
    ("line", "reason"), [(b'{"recordId": "secret', "is not JSON"), (b'{"modelInput": "secret"}', "has no 'recordId'")]
)
def test_a_shard_that_has_changed_is_not_taken_for_another(run: OneRun, line: bytes, reason: str) -> None:
    shard = run.shard(record("a"), line)
    with pytest.raises(BadInputError, match=f"^line 2 of the shard {reason}.*; do not change objects") as caught:
        run.collecting.collect(shard, run.job(shard, answered("a")), 1)
    assert "secret" not in str(caught.value)


def test_an_object_that_was_replaced_while_its_job_ran_is_not_summed_up(run: OneRun) -> None:
    shard = run.shard(record("a"), record("b"))
    digest = sha256(record("a") + record("b")).hexdigest()
    job = run.job(shard, answered("a"), answered("b"))
    assert run.collecting.collect({**shard, "Digest": digest}, job, 1)["Succeeded"] == 2
    run.shard(record("a"), record("b"), record("c"))
    with pytest.raises(BadInputError, match=r"000001-001\.jsonl has changed since it was cut.*; put back what"):
        run.collecting.collect({**shard, "Digest": digest}, job, 1)


def test_memory_does_not_grow_with_the_objects(run: OneRun) -> None:
    text = "x" * (MEGABYTE // 4)
    shard = run.shard(*(record(f"r{n}", text) for n in range(200)))
    job = run.job(shard, *(failed(f"r{n}", 400 if n % 2 else 429, text=text) for n in range(200)))
    tracemalloc.start()
    try:
        outcome = run.collecting.collect(shard, job, 1)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (outcome["Failed"], outcome["Left"]) == (100, 100)
    assert len(run.get(run.places.left(1).below("000001-001-1.jsonl"))) > 25 * MEGABYTE
    assert peak < 40 * MEGABYTE


def test_what_a_job_really_wrote_is_collected(run: OneRun) -> None:
    def body(number: int) -> dict[str, Any]:
        message = {"role": "user", "content": [{"text": f"Say {number}"}]}
        return {"messages": [message]} if number > 2 else {"prompt": "of another model"}

    lines = [json.dumps({"recordId": f"r{n}", "modelInput": body(n)}).encode() + b"\n" for n in range(100)]
    shard = run.shard(*lines)
    outcome = run.collecting.collect(shard, run.real_job(shard), 1)
    assert (outcome["Succeeded"], outcome["Failed"], outcome["Left"], outcome["Odd"]) == (97, 3, 0, 0)
    assert {json.loads(line)["recordId"] for line in run.lines_below(run.places.failed(1))} == {"r0", "r1", "r2"}
    assert outcome["Tokens"]["outputTokenCount"] > 0
