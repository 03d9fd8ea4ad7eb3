"""What docs/prepare.md shows does what it says."""

import csv
import json
import re
import shlex
from pathlib import Path

import pytest
from aws_cdk import App, Stack

from .in_process import answer_of

PAGE = (Path(__file__).parents[2] / "docs" / "prepare.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
COMMANDS = re.findall(r"^bedrock-batch (.*)$", PAGE, re.MULTILINE)
(PROMPT,) = re.findall(r"^```\n(Is this .*?)^```", PAGE, re.DOTALL | re.MULTILINE)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A table with the columns that the page's templates name."""
    monkeypatch.chdir(tmp_path)
    rows = "".join(f"r{number},P{number},Good {number}\n" for number in range(100))
    Path("reviews.csv").write_text(f"id,product,text\n{rows}")
    Path("prompt.txt").write_text(PROMPT)
    return tmp_path


def answer_all(name: str, records: Path = Path("prompts.jsonl")) -> None:
    """Write what a job leaves of the input."""
    Path(name).mkdir(parents=True)
    body = {"modelOutput": {"output": {"message": {"content": [{"text": "yes"}]}}}}
    lines = [json.loads(line) | body for line in records.read_text().splitlines()]
    counts = dict.fromkeys(("totalRecordCount", "processedRecordCount", "successRecordCount"), len(lines))
    Path(name, "manifest.json.out").write_text(json.dumps(counts | {"errorRecordCount": 0}))
    Path(name, "prompts.jsonl.out").write_text("".join(json.dumps(line) + "\n" for line in lines))


def test_the_commands_go_from_the_table_to_the_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    prepare, results, _, *both = COMMANDS
    assert answer_of(monkeypatch, *shlex.split(prepare)).code == 0
    answer_all("copy")
    assert answer_of(monkeypatch, *shlex.split(results.replace("JOB", "--output-dir copy"))).code == 0
    with Path("answers.csv").open(newline="") as file:
        assert {row["answer_text"] for row in csv.DictReader(file)} == {"yes"}
    for command in both:
        copied = re.sub(r"JOB-OF-\w+", "--output-dir copy", command)
        assert answer_of(monkeypatch, *shlex.split(copied)).code == 0
    with Path("both.csv").open(newline="") as file:
        assert {(row["answer_text"], row["answer_answer_text"]) for row in csv.DictReader(file)} == {("yes", "yes")}


def test_the_samples_run(monkeypatch: pytest.MonkeyPatch) -> None:
    of_rows, construct, join = BLOCKS
    exec(of_rows, {})  # noqa: S102 (the samples are ours)
    assert len(Path("prompts.jsonl").read_text().splitlines()) == 100
    app = App()
    exec(construct, {"self": Stack(app, "Sample")})  # noqa: S102 (the same)
    (records,) = Path(app.synth().directory).glob("asset.*.jsonl")
    answer_all(".bedrock-local/results", records)
    assert answer_of(monkeypatch, *shlex.split(COMMANDS[2])).code == 0
    with Path("answers.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert {(row["id"] == row["record_id"], row["answer_text"]) for row in rows} == {(True, "yes")}
    assert answer_of(monkeypatch, *shlex.split(COMMANDS[0])).code == 0
    answer_all("job-output")
    exec(join, {})  # noqa: S102 (the same)
    assert Path("answers.parquet").stat().st_size
