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


def test_a_retry_needs_the_input(tmp_path: Path) -> None:
    write(tmp_path / "out" / "in.jsonl.out", result("a"))
    with (
        open_local_results(tmp_path / "out") as opened,
        pytest.raises(ResultsError, match="cannot be tried again without"),
    ):
        write_retry(opened, tmp_path / "again.jsonl")
