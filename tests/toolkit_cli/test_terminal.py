"""What commands draw on terminals of several widths."""

import re
from pathlib import Path
from typing import Any

import pytest
from botocore.session import Session
from rich.cells import cell_len

from tests.toolkit_cli.test_exit_codes import Bedrock
from tests.unit.toolkit.job_files import record, write

from .in_process import answer_of

WIDTHS = [44, 60, 100]


@pytest.mark.parametrize("columns", WIDTHS)
def test_the_first_results_take_a_line_each(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, columns: int) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    texts = {"ascii" * 9: "a word " * 30, "東京" * 20: "回答 " * 60, "short": "two\nlines \x1b[31m"}
    lines = [record(name) | {"modelOutput": {"generation": text}} for name, text in texts.items()]
    write(tmp_path / "in.jsonl.out", *lines)
    shown = answer_of(monkeypatch, "results", "--output-dir", str(tmp_path), on_a_terminal=True).out.decode()
    rows = shown.splitlines()
    assert len(rows) == 3
    assert all(cell_len(row) <= columns for row in rows)
    answers = [row.partition(begin)[0] for row, begin in zip(rows, ("a word", "回答", "two"), strict=True)]
    assert {cell_len(before) for before in answers} == {26}, "answers begin in one column"
    assert rows[2].endswith("two lines \\x1b[31m"[: columns - 26]) or columns == 44


class Running(Bedrock):
    """A service with a job that goes on each time that it is looked at."""

    def __init__(self, *seen: dict[str, Any]) -> None:
        self._seen = iter(seen)

    def get_model_invocation_job(self, **_: object) -> dict[str, Any]:
        return next(self._seen)


@pytest.mark.parametrize("columns", WIDTHS[:2])
def test_watch_draws_in_one_place(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("TERM", "xterm")
    arn = "arn:aws:bedrock:us-east-1:123456789012:model-invocation-job/abcdefghwxyz"
    job = {"jobArn": arn, "submitTime": Bedrock.submitted, "status": "InProgress", "totalRecordCount": 50_000}
    counts = [{"processedRecordCount": count, "successRecordCount": count} for count in (10_000, 10_000, 30_000)]
    ended = {**counts[-1], "status": "Completed"}
    running = Running(job, *(job | each for each in counts), job | ended)
    monkeypatch.setattr(Session, "create_client", lambda *_, **__: running)
    answer = answer_of(monkeypatch, "watch", arn, on_a_terminal=True)
    assert answer.code == 0
    assert [line.split("  ")[1] for line in answer.out.decode().splitlines()] == [
        "\x1b[1mInProgress\x1b[0m",
        "\x1b[1mCompleted\x1b[0m",
    ]
    plain = re.sub(r"\x1b\[[\d;?]*[a-zA-Z]", "", answer.err)
    drawn = [line for line in re.split(r"[\r\n]+", plain) if line.strip()]
    assert all(cell_len(line) <= columns for line in drawn)
    assert all(re.search(r" [\d,]+ of 50,000", line) for line in drawn)
    assert any("30,000 of 50,000" in line for line in drawn)
    # Up a line only to take the bar away.
    assert answer.err.count("\x1b[1A") == answer.err.count("\n") == 1
