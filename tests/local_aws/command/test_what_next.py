"""What `bedrock-local` says at its end, and that what it says can be done."""

import csv
import json
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from bedrock_batch.values import visible
from bedrock_local.command.deployment import MessageConsole
from bedrock_local.command.ending import show_end
from bedrock_local.command.follow import follow
from bedrock_local.command.instructions import say_what_next
from bedrock_local.command.jobs import Job
from bedrock_local.command.results_table import results_table

JOBS = "arn:aws:bedrock:us-east-1:000000000000:model-invocation-job"
MANIFEST = {
    "totalRecordCount": 1,
    "processedRecordCount": 1,
    "successRecordCount": 1,
    "errorRecordCount": 0,
}


@pytest.mark.parametrize("place", ["results", "results/job-id", "a folder/results"])
def test_what_is_said_can_be_pasted(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / place
    folder.mkdir(parents=True)
    line = {"recordId": "r", "modelInput": {"prompt": "why"}, "modelOutput": {"generation": "x"}}
    (folder / "in.jsonl.out").write_text(json.dumps(line) + "\n")
    (folder / "manifest.json.out").write_text(json.dumps(MANIFEST))
    monkeypatch.setattr(sys, "argv", [str(Path(sys.executable).with_name("bedrock-local"))])
    say_what_next(tmp_path / place.partition("/job-id")[0])
    said = capsys.readouterr().out
    run = subprocess.run(["sh", "-ec", said], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert (tmp_path / "report.html").exists()
    (row,) = csv.DictReader((tmp_path / "results.csv").read_text().splitlines())
    assert (row["prompt"], row["text"]) == ("why", "x")


@pytest.mark.parametrize(("made", "name"), [("", "--keep"), ("1", "KEEP=1")])
def test_without_results_there_is_still_a_next_step(
    made: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BEDROCK_LOCAL_MAKE", made)
    say_what_next(tmp_path / "none")
    assert capsys.readouterr().out == (
        f"\n# The local AWS has stopped; with {name} it stays up and can be looked into\n"
    )


@pytest.mark.parametrize("width", [30, 44, 60, 100])
def test_a_narrow_terminal_shortens_the_label_and_not_the_counts(width: int) -> None:
    states = [
        Job(f"{JOBS}/a", "a", "InProgress", "", "s3://out", total=50_000, processed=12_345, succeeded=12_345),
        Job(f"{JOBS}/a", "a", "Completed", "", "s3://out", total=50_000, processed=50_000, succeeded=50_000),
    ]
    console = Console(file=StringIO(), force_terminal=True, width=width, color_system=None, _environ={})
    follow(states, {f"{JOBS}/a": "AStackWithALongName.SummariesOfEverything"}, console)
    shown = console.file.getvalue()  # type: ignore[attr-defined]  # a StringIO, as made above
    *_, last = filter(None, re.split(r"[\r\n]+", re.sub(r"\x1b\[[\d;?]*[a-zA-Z]", "", shown)))
    assert "50000/50000 0:00:0" in last
    assert ("…" in last) == (width < 100)
    assert cell_len(last) <= width


def test_embeddings_are_shown_as_what_they_are(tmp_path: Path) -> None:
    line = {"recordId": "r", "modelInput": {"inputText": "x"}, "modelOutput": {"embedding": [0.5] * 256}}
    (tmp_path / "in.jsonl.out").write_text(json.dumps(line) + "\n")
    console = Console(file=StringIO(), width=100)
    console.print(results_table(tmp_path))
    shown = console.file.getvalue()  # type: ignore[attr-defined]  # a StringIO, as made above
    assert "1 vector of 256 numbers" in shown
    assert "(no text)" not in shown


def test_no_answer_speaks_to_the_terminal(tmp_path: Path) -> None:
    evil = "a\x1b[31m\x1b]0;t\x07\x9b2J\u202e"
    output = {"recordId": evil, "modelInput": {"inputText": evil}, "modelOutput": {"generation": evil}}
    error = {"recordId": evil, "modelInput": {}, "error": {"errorCode": 400, "errorMessage": evil}}
    (tmp_path / "in.jsonl.out").write_text(f"{json.dumps(output)}\n{json.dumps(error)}\n")
    job = Job(f"{JOBS}/a", "a", "Completed", evil, "s3://out", total=2, processed=2, succeeded=1)
    console = MessageConsole(file=StringIO(), width=100)
    show_end(job, evil, tmp_path, console)
    follow([job], {job.arn: evil}, console)
    shown = console.file.getvalue()  # type: ignore[attr-defined]  # a StringIO, as made above
    assert shown.count(visible(evil)) >= 6
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", shown)
