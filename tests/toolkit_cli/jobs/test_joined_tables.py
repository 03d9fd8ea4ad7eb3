"""A table's whole way: prepared, run as a job in the local AWS, and its answers put beside its rows."""

import csv
from pathlib import Path

import pytest

from tests.toolkit_cli.jobs.conftest import World

MODEL = ("--model", "amazon.nova-lite-v1:0")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with (tmp_path / "t.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["text", "more"], *([f"te,xt {number % 60}", "é"] for number in range(120))])
    (tmp_path / "prompt.txt").write_text("Say {text}\n")
    return tmp_path


def job_of(world: World, folder: Path, name: str, *options: str) -> str:
    """Prepare the table and run the job over it."""
    made = world.command(
        *("prepare", "t.csv", "--template", "prompt.txt", *MODEL, "--output", "prompts.jsonl", *options), folder=folder
    )
    assert (made.returncode, made.stderr) == (0, "")
    world.put(f"{name}.jsonl", (folder / "prompts.jsonl").read_bytes())
    kind = {"modelInvocationType": "Converse"} if "Converse" in options else {}
    return world.run(f"{name}.jsonl", jobName=name, **kind)


def rows_of(folder: Path) -> list[dict[str, str]]:
    with (folder / "answers.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("kind", ["InvokeModel", "Converse"])
def test_each_row_has_its_answer(world: World, folder: Path, kind: str) -> None:
    arn = job_of(world, folder, f"table-{kind.lower()}", "--invocation-type", kind)
    answer = world.command("results", arn, "--join", "t.csv", "--output", "answers.csv", folder=folder)
    assert answer.returncode == 0, answer.stderr
    assert [(row["text"], row["more"], row["answer_text"]) for row in rows_of(folder)] == [
        (f"te,xt {number % 60}", "é", f"Say te,xt {number % 60}") for number in range(120)
    ]


def test_several_jobs_of_one_table_are_joined_as_one_set(world: World, folder: Path) -> None:
    arns = [job_of(world, folder, "table-half", "--first", "100"), job_of(world, folder, "table-whole")]
    answer = world.command("results", *arns, "--join", "t.csv", "--output", "answers.csv", folder=folder)
    assert answer.returncode == 0, answer.stderr
    assert all(row["answer_text"] == f"Say {row['text']}" for row in rows_of(folder))
    assert {row["job_id"] for row in rows_of(folder)} <= {arn.rpartition("/")[2] for arn in arns}
