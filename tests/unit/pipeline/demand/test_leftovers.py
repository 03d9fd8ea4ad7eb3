"""What a round has left: another round where a job takes as many, else questions on demand, else nothing."""

from typing import Any

import pytest

from batch_inference_pipeline.demand.leftovers import Leftovers
from tests.unit.pipeline.one_run import OneRun, answered, failed, record


def collected(run: OneRun, left: int, name: str = "000001-001", attempt: int = 1, status: str = "Completed") -> None:
    """Have a shard of ten records come to so many that are left."""
    shard = run.shard(*(record(f"{name}-{n}") for n in range(10)), name=name)
    lines = [answered(f"{name}-{n}") if n >= left else failed(f"{name}-{n}", 429) for n in range(10)]
    job = run.job(shard, *lines, status=status) if left < 10 else run.job(shard, status=status)
    run.collecting.collect(shard, job, attempt)


def next_of(run: OneRun, records: int = 4, **changes: Any) -> dict[str, object]:
    asked = {"rounds": 3, "min_records": 5, "past_deadline": False, "on_demand": True, **changes}
    return Leftovers(run.objects, run.places, records).next(1, **asked)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {"Next": "cut", "Round": 2, "Left": 9}),
        ({"min_records": 9}, {"Next": "cut", "Round": 2, "Left": 9}),
        ({"min_records": 10}, {"Next": "ask", "Round": 1, "Left": 9, "Tasks": 3}),
        ({"rounds": 1}, {"Next": "done", "Round": 1, "Left": 9}),
        ({"past_deadline": True}, {"Next": "ask", "Round": 1, "Left": 9, "Tasks": 3}),
        ({"min_records": 10, "on_demand": False}, {"Next": "done", "Round": 1, "Left": 9}),
    ],
)
def test_what_is_next(run: OneRun, changes: dict[str, Any], expected: dict[str, object]) -> None:
    collected(run, 2)
    collected(run, 0, "000001-002")
    collected(run, 7, "000002-001")
    assert next_of(run, **changes) == expected


@pytest.mark.parametrize("min_records", [0, 5])
def test_a_round_that_left_nothing_is_the_last(run: OneRun, min_records: int) -> None:
    collected(run, 0)
    assert next_of(run, min_records=min_records) == {"Next": "done", "Round": 1, "Left": 0}
    assert not run.all_below(run.places.demand_tasks)


def test_each_record_that_is_left_is_in_one_task(run: OneRun) -> None:
    collected(run, 3)
    collected(run, 10, "000002-001")
    assert next_of(run, min_records=14)["Tasks"] == 4
    tasks = run.all_below(run.places.demand_tasks)
    assert [content.count(b"\n") for content in tasks.values()] == [4, 4, 4, 1]
    assert list(tasks) == [f"{n:06}.jsonl" for n in range(1, 5)]
    assert b"".join(tasks.values()) == b"".join(run.lines_below(run.places.left(1)))


def test_tasks_that_are_exactly_full_have_no_empty_one_behind_them(run: OneRun) -> None:
    collected(run, 8)
    assert next_of(run, min_records=9)["Tasks"] == len(run.all_below(run.places.demand_tasks)) == 2


@pytest.mark.parametrize("attempts", [2, 11])
def test_of_several_jobs_of_a_shard_the_last_tells_what_is_left(run: OneRun, attempts: int) -> None:
    for attempt in range(1, attempts):
        collected(run, 10, attempt=attempt, status="Failed")
    collected(run, 1, attempt=attempts)
    assert next_of(run) == {"Next": "ask", "Round": 1, "Left": 1, "Tasks": 1}
    assert run.lines_below(run.places.demand_tasks) == [record("000001-001-0")]
