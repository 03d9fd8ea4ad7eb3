"""Each record of the input is in exactly one shard, however the input is cut."""

from typing import Any
from unittest.mock import patch

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from batch_inference_pipeline.cutting.as_it_is import AsItIs
from batch_inference_pipeline.cutting.cut import Cut
from batch_inference_pipeline.cutting.limits import Limits
from batch_inference_pipeline.cutting.lines import Lines
from batch_inference_pipeline.cutting.listing.survey import Survey

from .conftest import Run, record, records

# What ends no line of JSONL, though Python may think so, and characters of one to four bytes.
TEXTS = st.text("a\u2028\u0085\x0b\x1cé€😀", max_size=40) | st.text("x", min_size=300, max_size=400)
ENDS = st.sampled_from([b"\n", b"\r\n", b"\n\n", b"\n \r\n"])
OBJECTS = st.lists(st.lists(st.tuples(TEXTS, ENDS), max_size=30), min_size=1, max_size=4)
SIZES = st.integers(50, 900)


def content(lines: list[tuple[str, bytes]], first: int, *, is_ended: bool) -> bytes:
    joined = b"".join(record(first + number, text) + end for number, (text, end) in enumerate(lines))
    return joined if is_ended else joined.rstrip()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(OBJECTS, st.integers(1, 12), SIZES, SIZES, st.booleans(), st.booleans())
def test_each_record_is_in_one_shard_in_order(  # noqa: PLR0917 (hypothesis gives them)
    s3: Any,
    objects: list[Any],
    ranges: int,
    block: int,
    behind: int,
    is_ended: bool,  # noqa: FBT001 (the same)
    small: bool,  # noqa: FBT001 (the same)
) -> None:
    run = Run(s3, Limits(min_records_per_job=3, records_per_job=10, bytes_per_file=5000, bytes_per_record=1600))
    contents = [content(each, 100 * number, is_ended=is_ended) for number, each in enumerate(objects)]
    written = [line.strip() for each in contents for line in each.split(b"\n") if line.strip()]
    if not any(contents):
        return
    run.put({f"in/{number}.jsonl": each for number, each in enumerate(contents)})
    with (
        patch.object(Survey, "RANGE", max(map(len, contents)) // ranges + 1),
        patch.object(Lines, "BLOCK", block),
        patch.object(Lines, "BEHIND", behind),
        patch("batch_inference_pipeline.cutting.read_ahead.SMALL", 256 * 1024 * small),
        patch.object(AsItIs, "SAMPLE", block),
    ):
        run.survey()
        outcomes = run.cut()
    shards = run.shards(outcomes)
    assert sorted(line for shard in shards for line in shard) == sorted(written)
    assert [outcome["Problems"] for outcome in outcomes] == [0] * len(outcomes)
    for outcome in outcomes:
        sizes = [shard["Records"] for shard in outcome["Shards"]]
        assert max(sizes, default=0) <= 10
        assert sum(sizes) < 3 or min(sizes) >= 3
    for shard in shards:
        assert [written.index(line) for line in shard] == sorted(written.index(line) for line in shard)


def test_what_several_shards_have_left_may_have_the_same_ids(run: Run) -> None:
    """Each file may number its records from 1: their jobs are paid, and only they know what is to be asked again."""
    left = run.places.left(1)
    run.put({left.below(f"000001-00{shard}-1.jsonl").key: records(4) for shard in (1, 2)})
    Survey(run.store, run.limits).run(left, run.places.tasks(2))
    told = Cut(run.store, run.limits).run(run.places, 2, "000001")
    assert (told["Records"], told["Problems"]) == (8, 0)
