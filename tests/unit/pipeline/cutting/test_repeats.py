"""Ids that stand in several shards are told with two places, or refused; what is asked again repeats nothing."""

import json
import re
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from batch_inference_pipeline.collecting.objects import Objects
from batch_inference_pipeline.collecting.records import digest_of
from batch_inference_pipeline.cutting import as_it_is, task
from batch_inference_pipeline.cutting.cut import Cut
from batch_inference_pipeline.cutting.ids.digests import TaskIds
from batch_inference_pipeline.cutting.ids.repeats import Repeats, repeated_ids
from batch_inference_pipeline.cutting.limits import Limits
from batch_inference_pipeline.cutting.listing.survey import Survey
from batch_inference_pipeline.cutting.manifest import Manifest
from batch_inference_pipeline.errors import BadInputError

from .conftest import Run, record, records


def check(run: Run, *, allowed: bool = True) -> dict[str, Any]:
    """Cut all that there is, list the shards, and return what repeats."""
    objects = Objects(run.s3)
    run.survey()
    run.cut()
    repeats = Repeats(run.store, objects, run.limits, run.places, allowed=allowed)
    Manifest(run.store, run.limits, repeats=repeats).write(run.places, 1)
    return repeated_ids(objects, run.places)


def test_ids_that_repeat_across_shards_are_counted_and_told_with_their_places(run: Run) -> None:
    run.put({"in/a.jsonl": records(8), "in/b.jsonl": records(8, first=7), "in/c.jsonl": records(26, first=100)})
    run.put({"in/d.jsonl": records(8, first=200) + record(103) + b"\n"})
    found = check(run)
    assert found["Records"] == 2
    before = {"c": records(3, first=100), "d": records(8, first=200)}
    places = {each["RecordId"]: [place.rpartition("/")[2] for place in each["Places"]] for each in found["Examples"]}
    assert places == {
        "r7": [f"a.jsonl: the line at byte {len(records(7))}", "b.jsonl: line 1"],
        "r103": [f"{key}.jsonl: the line at byte {len(text)}" for key, text in before.items()],
    }


def test_an_id_is_told_so_that_the_summary_can_be_returned(s3: Any) -> None:
    run = Run(s3, Limits(min_records_per_job=3, bytes_per_file=600_000, bytes_per_record=600_000))
    same = json.dumps({"recordId": "\ud83d" + "x" * 500_000, "modelInput": {}}).encode() + b"\n"
    run.put({"in/a.jsonl": records(8) + same, "in/b.jsonl": records(8, first=10) + same})
    (told,) = check(run)["Examples"]
    assert told["RecordId"] == "?" + "x" * 299


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 200), min_size=3, max_size=80))
def test_as_many_repeat_as_there_are_in_tasks_objects_and_parts(s3: Any, numbers: list[int]) -> None:
    run = Run(s3)
    shards = [sorted(set(numbers[at : at + 8])) for at in range(0, len(numbers), 8)]
    for name, shard in enumerate(shards):
        more = [1000 + 10 * name + number for number in range(max(0, 6 - len(shard)))]
        run.put({f"in/{name:02}.jsonl": b"".join(record(number) + b"\n" for number in [*shard, *more])})
    everything = [number for shard in shards for number in shard]
    with patch.object(Survey, "RANGE", 1000), patch.object(TaskIds, "MOST", 7), patch.object(Repeats, "MOST", 5):
        found = check(run)
    assert found["Records"] == len(everything) - len(set(everything))


def test_where_ids_must_be_unique_one_that_is_not_is_refused_and_nothing_is_listed(run: Run) -> None:
    """What was listed would be run by whoever goes on with the run."""
    run.put({"in/a.jsonl": records(8), "in/b.jsonl": records(8, first=7)})
    uri = f"s3://{run.bucket}/in"
    places = f"{uri}/a.jsonl: the line at byte {len(records(7))} and at {uri}/b.jsonl: line 1"
    said = (
        f"""the input has 1 record with the 'recordId' of another one: "r7" at {places}; give each record an id of """
        "its own, or take away unique_ids=True. No job was made"
    )
    for _ in range(2):
        with pytest.raises(BadInputError, match=f"^{re.escape(said)}$"):
            check(run, allowed=False)
    assert run.keys(run.places.manifest(1).key) == []


def test_where_ids_must_be_unique_others_are_listed(run: Run) -> None:
    run.put({"in/a.jsonl": records(8), "in/b.jsonl": records(8, first=8), "in/c.jsonl": b'{"modelInput": {}}\n' * 9})
    assert check(run, allowed=False) == {"Records": 0, "Examples": []}


def test_a_task_whose_end_is_cut_again_repeats_nothing(run: Run) -> None:
    run.put({"in/a.jsonl": records(9), "in/b.jsonl": records(2, first=100), "in/c.jsonl": records(8, first=200)})
    assert check(run, allowed=False)["Records"] == 0


def test_digests_that_are_alike_repeat_nothing_where_the_ids_do_not(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run.put({"in/a.jsonl": records(8), "in/b.jsonl": records(8, first=8)})
    for module in (task, as_it_is):
        monkeypatch.setattr(module, "digest_of", lambda name: digest_of("r3" if name == "r9" else name))
    assert check(run, allowed=False) == {"Records": 0, "Examples": []}


def test_what_is_asked_again_repeats_nothing(run: Run) -> None:
    run.put({"in/a.jsonl": records(8)})
    check(run, allowed=False)
    again = run.places.tasks(2)
    run.put({again.below("000001.jsonl").key: run.read(run.places.tasks(1).below("000001.jsonl").key)})
    Cut(run.store, run.limits).run(run.places, 2, "000001")
    Manifest(run.store, run.limits).write(run.places, 2)
    assert repeated_ids(Objects(run.s3), run.places) == {"Records": 0, "Examples": []}
    assert run.keys(run.places.ids.key) == [run.places.ids.below("000001-001").key]


def test_another_try_goes_on_behind_what_was_compared(run: Run) -> None:
    run.put({"in/a.jsonl": records(8), "in/b.jsonl": records(8, first=7)})
    check(run)
    (part,) = run.keys(run.places.repeats.key)
    run.put({part: b'{"Records": 7, "Examples": []}'})
    assert check(run)["Records"] == 7
