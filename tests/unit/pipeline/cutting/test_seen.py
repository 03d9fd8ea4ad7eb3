"""A run takes what the last one that succeeded has not seen: all of that, and nothing else."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from batch_inference_pipeline.collecting.objects import Objects
from batch_inference_pipeline.cutting.listing.seen import Seen
from batch_inference_pipeline.cutting.listing.survey import Survey
from batch_inference_pipeline.cutting.source import Source
from batch_inference_pipeline.errors import BadInputError
from batch_inference_pipeline.places import Place, RunPlaces

from .conftest import Run, records

# Where one follows the other is not where Python, or a person, would have it.
KEYS = [f"in/{name}.jsonl" for name in ("a", "a-b", "a/b", "a.jsonl", "aé", "a\uffff", "a😀", "A", "b")]
INPUTS = st.dictionaries(st.sampled_from(KEYS), st.integers(1, 3))


def places(run: Run, name: str) -> RunPlaces:
    return RunPlaces(Place(run.bucket, "out/"), name)


def seen(run: Run, name: str) -> Seen:
    return Seen(run.store, Objects(run.s3), places(run, name))


def taken(run: Run, name: str) -> list[str]:
    """Survey the input; return the keys that are to be cut."""
    tasks = places(run, name).tasks(1)
    Survey(run.store, run.limits, seen(run, name)).run(Place(run.bucket, "in/"), tasks)
    found = [Objects(run.s3).lines(Place(run.bucket, key)) for key in run.keys(tasks.key)]
    return sorted(Source.parse(line).key for lines in found for line in lines)


def put(run: Run, *names: str, count: int = 5) -> None:
    run.put({f"in/{name}.jsonl": records(count) for name in names})


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(inputs=st.lists(INPUTS, min_size=2, max_size=4))
def test_what_is_new_or_replaced_is_taken_once(s3: Any, inputs: list[dict[str, int]]) -> None:
    run, before = Run(s3), dict[str, int]()
    for number, now in enumerate(inputs):
        for key in before.keys() - now.keys():
            s3.delete_object(Bucket=run.bucket, Key=key)
        run.put({key: records(count) for key, count in now.items()})
        assert taken(run, f"run{number}") == sorted(dict(now.items() - before.items()))
        seen(run, f"run{number}").keep()
        before = now


def test_what_a_run_has_taken_that_failed_is_taken_again(run: Run) -> None:
    put(run, "a")
    assert taken(run, "failed") == ["in/a.jsonl"]
    put(run, "b")
    assert taken(run, "next") == ["in/a.jsonl", "in/b.jsonl"]


def test_an_upload_that_was_begun_before_a_run_is_taken_by_the_next(run: Run) -> None:
    """S3 dates such an object back to the beginning of its upload."""
    large = {"Bucket": run.bucket, "Key": "in/large.jsonl"}
    upload = run.s3.create_multipart_upload(**large)["UploadId"]
    put(run, "a")
    taken(run, "first")
    seen(run, "first").keep()
    etag = run.s3.upload_part(**large, UploadId=upload, PartNumber=1, Body=records(5))["ETag"]
    parts = {"Parts": [{"PartNumber": 1, "ETag": etag}]}
    run.s3.complete_multipart_upload(**large, UploadId=upload, MultipartUpload=parts)
    assert taken(run, "second") == ["in/large.jsonl"]


def test_a_run_that_ends_after_a_later_one_does_not_have_its_objects_taken_again(run: Run) -> None:
    put(run, "a")
    taken(run, "early")
    put(run, "b")
    taken(run, "late")
    seen(run, "late").keep()
    seen(run, "early").keep()
    assert taken(run, "next") == []


def test_a_run_that_began_when_all_was_taken_is_not_kept(run: Run) -> None:
    put(run, "a")
    seen(run, "none").keep()
    assert taken(run, "next") == ["in/a.jsonl"]


def test_all_is_not_taken_again_because_nothing_says_what_was(run: Run) -> None:
    put(run, "a")
    taken(run, "first")
    seen(run, "first").keep()
    run.s3.delete_object(Bucket=run.bucket, Key="out/runs/first/seen.jsonl")
    with pytest.raises(BadInputError, match=r"/first/seen.jsonl is gone, .* remove s3://.*/out/runs/last.json to have"):
        taken(run, "second")
