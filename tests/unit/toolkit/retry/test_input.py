"""What deserves another try, out of a job's results and its input."""

from pathlib import Path

import pytest

from bedrock_batch import ResultsError
from bedrock_batch.results.job_results import open_local_results
from bedrock_batch.retry.input import write_retry
from tests.unit.toolkit.job_files import ERRORS, record, result, write


def test_the_records_to_retry_are_copied_as_they_stand(tmp_path: Path) -> None:
    ids = [*ERRORS, "lost", "fine"]
    prompts = write(tmp_path / "in.jsonl", *(record(each) for each in ids))
    write(tmp_path / "out" / "in.jsonl.out", result("fine"), *(result(each, error=each) for each in ERRORS))
    lines = prompts.read_bytes().splitlines(keepends=True)
    with open_local_results(tmp_path / "out", [prompts]) as opened:
        retry = write_retry(opened, tmp_path / "again.jsonl")
    assert (tmp_path / "again.jsonl").read_bytes() == b"".join(lines[:4] + lines[5:6])
    assert (retry.records, retry.missing, retry.failed, retry.left) == (5, 1, 4, 1)
    with open_local_results(tmp_path / "out", [prompts]) as opened:
        every = write_retry(opened, tmp_path / "again.jsonl", everything=True)
    assert (tmp_path / "again.jsonl").read_bytes() == b"".join(lines[:6])
    assert (every.records, every.left) == (6, 0)
    assert every.digest != retry.digest


@pytest.mark.parametrize("in_memory", [0, 1, 2, 500_000])
def test_of_records_with_one_id_the_one_that_failed_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_memory: int
) -> None:
    monkeypatch.setattr("bedrock_batch.results.input.keys._IN_MEMORY", in_memory)
    prompts = write(tmp_path / "in.jsonl", *(record("a", text) for text in ("x", "y", "z", "z", "lost")))
    answers = [result("a", "z"), result("a", "y", "throttled"), result("a", "x"), result("a", "x"), result("a", "z")]
    write(tmp_path / "out" / "in.jsonl.out", *answers)
    lines = prompts.read_bytes().splitlines(keepends=True)
    # Nobody asks for the lines of the results, as `results` does not for a table without the prompts.
    with open_local_results(tmp_path / "out", [prompts], lines=False) as opened:
        write_retry(opened, tmp_path / "again.jsonl")
    assert (tmp_path / "again.jsonl").read_bytes() == lines[1] + lines[4]
    assert opened.results.tally.repeated.examples == ["a"]


def test_a_record_that_the_service_shows_otherwise_is_found_by_its_id(tmp_path: Path) -> None:
    prompts = write(tmp_path / "in.jsonl", record("a", "x"), record("a", "y"))
    write(tmp_path / "out" / "in.jsonl.out", result("a", "x as others write it"), result("a", "y"))
    with open_local_results(tmp_path / "out", [prompts]) as opened:
        retry = write_retry(opened, tmp_path / "again.jsonl")
    assert retry.records == 0


def test_a_retry_needs_the_input(tmp_path: Path) -> None:
    write(tmp_path / "out" / "in.jsonl.out", result("a"))
    with (
        open_local_results(tmp_path / "out") as opened,
        pytest.raises(ResultsError, match="cannot be tried again without"),
    ):
        write_retry(opened, tmp_path / "again.jsonl")
