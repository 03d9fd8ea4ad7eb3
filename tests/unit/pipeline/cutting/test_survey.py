"""The input is listed, and divided among tasks that are neither too large nor too small."""

import re
from unittest.mock import patch

import pytest

from batch_inference_pipeline.cutting.listing.survey import Survey
from batch_inference_pipeline.errors import BadInputError
from batch_inference_pipeline.places import Place

from .conftest import Run, records


def ranges(run: Run) -> list[list[tuple[str, int, int]]]:
    return [[(each["Key"], each["Start"], each["End"]) for each in task] for task in run.tasks()]


def test_what_is_no_input_is_left_out(run: Run) -> None:
    run.put({"in/": b"", "in/a.jsonl": b"{}", "in/deep/b.jsonl": b"{}", "in/empty.jsonl": b"", "in/notes.txt": b"text"})
    run.put({"in.jsonl": b"{}", "in2/c.jsonl": b"{}"})
    assert run.survey("in") == run.survey("in/") == {"Tasks": 1, "Files": 2, "Bytes": 4}
    assert ranges(run) == [[("in/a.jsonl", 0, 2), ("in/deep/b.jsonl", 0, 2)]]


def test_one_object_may_be_named(run: Run) -> None:
    run.put({"in/a.jsonl": b"{}", "in/a.jsonl/b.jsonl": b"{}", "in/a.jsonl.jsonl": b"{}"})
    assert run.survey("in/a.jsonl") == {"Tasks": 1, "Files": 1, "Bytes": 2}


def test_a_whole_bucket_may_be_named(run: Run) -> None:
    run.put({"a.jsonl": b"{}", "deep/b.jsonl": b"{}"})
    assert run.survey("")["Files"] == 2


def test_a_large_object_is_divided_evenly(run: Run) -> None:
    run.put({"in/a.jsonl": b"x" * 250})
    with patch.object(Survey, "RANGE", 100):
        assert run.survey() == {"Tasks": 3, "Files": 1, "Bytes": 250}
    assert ranges(run) == [[("in/a.jsonl", 0, 83)], [("in/a.jsonl", 83, 166)], [("in/a.jsonl", 166, 250)]]


def test_small_objects_share_a_task_and_none_has_less_than_half(run: Run) -> None:
    sizes = {"a": 30, "b": 90, "c": 40, "d": 45, "e": 60, "f": 30}
    run.put({f"in/{name}.jsonl": b"x" * size for name, size in sizes.items()})
    with patch.object(Survey, "RANGE", 100):
        run.survey()
    tasks = [[key[3] for key, _, _ in task] for task in ranges(run)]
    assert tasks == [["a", "b"], ["c", "d"], ["e", "f"]]
    assert all(sum(sizes[name] for name in task) >= 50 for task in tasks)


def test_many_objects_are_a_task_and_few_at_the_end_join_it(run: Run) -> None:
    run.put({f"in/{number:02}.jsonl": b"{}" for number in range(21)})
    assert run.survey()["Tasks"] == 2
    assert [len(task) for task in ranges(run)] == [8, 13]


def test_another_try_writes_the_same(run: Run) -> None:
    run.put({f"in/{number:02}.jsonl": records(number + 1) for number in range(20)})
    run.survey()
    first = {key: run.read(key) for key in run.keys(run.places.tasks(1).key)}
    run.survey()
    assert first == {key: run.read(key) for key in run.keys(run.places.tasks(1).key)}


def test_an_input_that_became_less_between_two_tries_is_refused(run: Run) -> None:
    run.put({f"in/{number:02}.jsonl": b"{}" for number in range(21)})
    run.survey()
    run.s3.delete_objects(
        Bucket=run.bucket, Delete={"Objects": [{"Key": f"in/{number:02}.jsonl"} for number in range(9)]}
    )
    with pytest.raises(BadInputError, match="in/ has changed while it was listed; start another run"):
        run.survey()


@pytest.mark.parametrize("key", ["in/", "in/a.jsonl", "elsewhere/"])
def test_an_input_without_records_is_refused(run: Run, key: str) -> None:
    run.put({"in/a.jsonl": b"", "in/notes.txt": b"text"})
    with pytest.raises(BadInputError, match=re.escape(f"s3://{run.bucket}/{key}: there is no object with records")):
        run.survey(key)


def test_a_bucket_that_is_not_there_is_refused(run: Run) -> None:
    survey = Survey(run.store, run.limits)
    with pytest.raises(BadInputError, match="s3://no-such-bucket-at-all/in/: there is no such bucket; name one"):
        survey.run(Place("no-such-bucket-at-all", "in/"), run.places.tasks(1))
