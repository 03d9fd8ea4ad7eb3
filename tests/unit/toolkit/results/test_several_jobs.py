"""Several jobs as one set of results: each record as often as one job has it, and the best that any job tells of it."""

from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bedrock_batch.results.job_results import open_local_results
from bedrock_batch.results.parts import Part
from bedrock_batch.results.several_jobs import SeveralResults
from tests.unit.toolkit.job_files import record, result, write


def several(*folders: Path) -> SeveralResults:
    """Jobs, the newest first, each with an input and perhaps an output in its folder."""

    return SeveralResults(
        [
            Part(folder.name, "m", partial(open_local_results, folder / "out", [folder / "in.jsonl"]))
            for folder in folders
        ]
    )


def job(folder: Path, *pairs: tuple[dict[str, Any], dict[str, Any] | None]) -> Path:
    """Write a job's records, each with its result if it has one."""
    write(folder / "in.jsonl", *(asked for asked, _ in pairs))
    write(folder / "out" / "in.jsonl.out", *(answer for _, answer in pairs if answer))
    return folder


def told(*folders: Path) -> Counter[tuple[str, str | None]]:
    return Counter((each.status, each.text) for each in several(*folders))


def answer(text: str, *, to: str | None = None, error: str | None = None) -> dict[str, Any]:
    line = result(to or f"given-{text}", "same", error)
    return line if error else line | {"modelOutput": {"generation": text}}


def test_a_prompt_that_is_asked_many_times_has_as_many_results(tmp_path: Path) -> None:
    """Three of the same without ids, of which two failed and were tried again."""
    same = record(None, "same")
    first = job(
        tmp_path / "first",
        (same, answer("a", error="broken")),
        (same, answer("b")),
        (same, answer("c", error="broken")),
    )
    again = job(tmp_path / "again", (same, answer("d")), (same, answer("e", error="throttled")))
    assert told(again, first) == {("succeeded", "b"): 1, ("succeeded", "d"): 1, ("failed", None): 1}
    last = job(tmp_path / "last", (same, answer("f")))
    assert told(last, again, first) == {("succeeded", text): 1 for text in "bdf"}


def test_what_a_newer_job_has_is_not_told_twice(tmp_path: Path) -> None:
    same = record("1", "same")
    pairs = [(same, answer(text, to="1")) for text in "abc"]
    old, new = job(tmp_path / "old", *pairs), job(tmp_path / "new", *pairs[:2])
    assert told(new, old).total() == 3
    assert told(old, new) == {("succeeded", text): 1 for text in "abc"}


def test_a_record_is_missing_only_if_no_job_has_a_result(tmp_path: Path) -> None:
    """The newest was stopped before it had any."""
    asked = record("1", "same"), record("2", "same")
    failed = job(tmp_path / "failed", (asked[0], answer("", to="1", error="refused")), (asked[1], None))
    stopped = job(tmp_path / "stopped", (asked[0], None), (asked[1], None), (record("3"), result("3")))
    both = several(stopped, failed)
    assert Counter((each.record_id, each.status) for each in both) == {
        ("1", "failed"): 1,
        ("2", "missing"): 1,
        ("3", "succeeded"): 1,
    }
    assert both.tally.missing.count == 1


def test_what_does_not_add_up_is_counted_over_all_jobs(tmp_path: Path) -> None:
    folders = [job(tmp_path / name, (record("1"), result("1")), (record("2"), result("2"))) for name in ("a", "b")]
    for folder in folders:
        with (folder / "out" / "in.jsonl.out").open("ab") as output, (folder / "in.jsonl").open("ab") as source:
            output.write(b"\nnot JSON\n")
            source.write(b"nor this\n")
        write(folder / "out" / "more.jsonl.out", result("2"), result("never"))
    both = several(*folders)
    assert len(list(both)) == 4
    tally = both.tally
    assert [each.count for each in (tally.odd_lines, tally.odd_input_lines, tally.unknown, tally.repeated)] == [
        4,
        2,
        2,
        2,
    ]
    assert len(tally.odd_lines.examples) == 4
    assert sum("job a: " in each for each in both.disagreements()) == 5


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    jobs=st.lists(st.lists(st.sampled_from(["good", "broken", "lost"]), min_size=1, max_size=4), min_size=1, max_size=4)
)
@example(jobs=[["good"], ["good"], ["broken", "broken"]])
def test_no_success_is_lost_and_none_is_told_twice(tmp_path: Path, jobs: list[list[str]]) -> None:
    """Jobs that all ask the same, each as often as it likes."""
    folders = []
    for number, outcomes in enumerate(jobs):
        kinds = {"good": answer("x"), "broken": answer("", error="broken"), "lost": None}
        folders.append(job(tmp_path / str(number), *((record(None, "same"), kinds[each]) for each in outcomes)))
        write(folders[-1] / "out" / "other.jsonl.out", result(f"other-{number}"))
        with (folders[-1] / "in.jsonl").open("a") as source:
            source.write((write(tmp_path / "one", record(f"other-{number}"))).read_text())
    found = Counter(each.status for each in several(*folders) if not (each.record_id or "").startswith("other"))
    every = Counter(each for outcomes in jobs for each in outcomes)
    records = max(map(len, jobs))
    good = min(every["good"], records)
    failed = min(every["broken"], records - good)
    assert found == +Counter(succeeded=good, failed=failed, missing=records - good - failed)
