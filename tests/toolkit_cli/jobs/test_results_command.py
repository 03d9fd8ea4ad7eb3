"""`bedrock-batch results`: from S3 to a table."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from tests.local_aws.conftest import ENDED
from tests.toolkit_cli.jobs.conftest import World, id_of


def rows_of(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.split("\n") if line]


def test_into_a_pipe_go_all_results_as_json_lines(world: World, done: str, tmp_path: Path) -> None:
    answer = world.command("results", done, folder=tmp_path)
    assert answer.returncode == 0, answer.stderr
    rows = {row["record_id"]: row for row in rows_of(answer.stdout)}
    assert {name: row["text"] for name, row in rows.items()} == {f"r{n}": f"Say {n}" for n in range(120)}
    assert rows["r7"]["stop_reason"] == "end_turn"
    assert (rows["r7"]["input_tokens"], rows["r7"]["output_tokens"]) == (2, 2)
    assert (rows["r7"]["input_file"], rows["r7"]["input_line"]) == ("in.jsonl", 8)
    assert answer.stderr == "120 results: 120 succeeded, 0 failed; 240 tokens in, 240 out\n"


def test_records_are_found_over_files_and_without_ids_of_their_own(world: World, mixed: str, tmp_path: Path) -> None:
    answer = world.command("results", mixed, "--output", "all.jsonl", folder=tmp_path)
    assert answer.returncode == 0, answer.stderr
    rows = rows_of((tmp_path / "all.jsonl").read_text())
    assert len(rows) == 103
    places = {(row["text"], row["input_file"], row["input_line"]) for row in rows if row["record_id"][0] != "r"}
    assert places == {(None, "a.jsonl", 101), ("first", "deep/b.jsonl", 1), ("<b>second</b>", "deep/b.jsonl", 2)}
    (error,) = [row for row in rows if row["status"] == "failed"]
    assert (error["record_id"], error["error_code"], error["retryable"]) == ("odd", 400, False)


@pytest.mark.parametrize("named", ["table.csv", "table.parquet"])
def test_each_format_has_the_same_rows(world: World, mixed: str, tmp_path: Path, named: str) -> None:
    assert world.command("results", mixed, "--output", "table.jsonl", folder=tmp_path).returncode == 0
    assert world.command("results", mixed, "--output", named, folder=tmp_path).returncode == 0
    expected = rows_of((tmp_path / "table.jsonl").read_text())
    if named.endswith("csv"):
        with (tmp_path / named).open(newline="") as file:
            found = list(csv.DictReader(file))
        spelled = {None: "", True: "true", False: "false"}
        assert found == [
            {
                key: str(spelled.get(v, v)) if not isinstance(v, int) or isinstance(v, bool) else str(v)
                for key, v in row.items()
            }
            for row in expected
        ]
    else:
        assert parquet.read_table(tmp_path / named).to_pylist() == expected


def test_what_is_missing_is_said_and_listed(world: World, failed: str, tmp_path: Path) -> None:
    answer = world.command("results", failed, folder=tmp_path)
    assert answer.returncode == 1
    assert [(row["record_id"], row["status"], row["input_line"]) for row in rows_of(answer.stdout)] == [
        ("r0", "missing", 1),
        ("r1", "missing", 2),
        ("r2", "missing", 3),
    ]
    assert f"the job is Failed and has written nothing to s3://{world.bucket}/out/{id_of(failed)}/" in answer.stderr
    assert '3 records of the input without a result: "r0", "r1", "r2"' in answer.stderr


def test_json_is_the_summary(world: World, mixed: str, tmp_path: Path) -> None:
    answer = world.command("results", mixed, "--json", folder=tmp_path)
    summary = json.loads(answer.stdout)
    assert (summary["succeeded"], summary["failed"], summary["missing"]["count"]) == (102, 1, 0)
    assert summary["manifest"]["total_record_count"] == 103
    assert summary["problems"] == []


def test_results_do_without_an_input_that_is_gone(world: World, tmp_path: Path) -> None:
    world.put("passing.jsonl", world.aws.read(world.bucket, "in.jsonl"))
    arn = world.run("passing.jsonl")
    world.aws.client("s3").delete_object(Bucket=world.bucket, Key="passing.jsonl")
    answer = world.command("results", arn, folder=tmp_path)
    assert answer.returncode == 0
    assert len(rows_of(answer.stdout)) == 120
    assert f"the input s3://{world.bucket}/passing.jsonl is gone" in answer.stderr


def test_a_lost_manifest_and_a_lost_file_are_noticed(world: World, tmp_path: Path) -> None:
    arn = world.run("in/", jobName="damaged")
    folder = f"out/{id_of(arn)}"
    for name in ("manifest.json.out", "deep/b.jsonl.out"):
        world.aws.client("s3").delete_object(Bucket=world.bucket, Key=f"{folder}/{name}")
    answer = world.command("results", arn, "--output", "rest.csv", folder=tmp_path)
    assert answer.returncode == 1
    assert '2 records of the input without a result: "deep/b.jsonl:1", "deep/b.jsonl:2"' in answer.stderr
    assert "there is no manifest.json.out" in answer.stderr
    assert (tmp_path / "rest.csv").exists()


def test_a_format_that_is_none_leaves_no_file(world: World, done: str, tmp_path: Path) -> None:
    answer = world.command("results", done, "--output", "results.xlsx", folder=tmp_path)
    assert answer.returncode == 2
    assert "the name of results.xlsx must end in .jsonl, .csv or .parquet" in answer.stderr
    assert list(tmp_path.iterdir()) == []


def test_copies_are_read_without_aws(world: World, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    body = {"recordId": "1", "modelInput": {}, "modelOutput": {"generation": "yes"}}
    (copy / "prompts.jsonl.out").write_text(json.dumps(body) + "\n")
    (tmp_path / "prompts.jsonl").write_text(
        '{"recordId": "1", "modelInput": {}}\n{"recordId": "2", "modelInput": {}}\n'
    )
    both = world.command("results", "--output-dir", "copy", "--input", "prompts.jsonl", folder=tmp_path)
    assert both.returncode == 1
    assert [row["status"] for row in rows_of(both.stdout)] == ["succeeded", "missing"]
    clash = world.command("results", "some-job", "--output-dir", "copy", folder=tmp_path)
    assert "name one of the two" in clash.stderr
    alone = world.command("results", "some-job", "--input", "prompts.jsonl", folder=tmp_path)
    assert "--input goes with --output-dir" in alone.stderr


def a_copy(folder: Path, *odd: str) -> list[str]:
    """A copy of a job's files, its results in another order, and what is to be said to read it."""
    lines = [
        {"recordId": name, "modelInput": {"prompt": f"Say {name}"}, "modelOutput": {"generation": name}}
        for name in ("b", "a")
    ]
    counts = {"totalRecordCount": 2, "processedRecordCount": 2, "successRecordCount": 2, "errorRecordCount": 0}
    (folder / "copy").mkdir()
    (folder / "copy" / "prompts.jsonl.out").write_text("\n".join([*map(json.dumps, lines), *odd]))
    (folder / "copy" / "manifest.json.out").write_text(json.dumps(counts))
    (folder / "prompts.jsonl").write_text("\n".join(json.dumps({**line, "modelOutput": 1}) for line in lines[::-1]))
    return ["results", "--output-dir", "copy", "--input", "prompts.jsonl"]


def test_more_columns_and_the_order_of_the_input_are_asked_for(world: World, tmp_path: Path) -> None:
    command = [*a_copy(tmp_path), "--with", "prompt, model_output", "--input-order"]
    answer = world.command(*command, folder=tmp_path)
    assert (answer.returncode, answer.stderr.count("\n")) == (0, 1), answer.stderr
    found = [(row["record_id"], row["prompt"], row["model_output"]) for row in rows_of(answer.stdout)]
    assert found == [("a", "Say a", '{"generation": "a"}'), ("b", "Say b", '{"generation": "b"}')]
    assert world.command(*command, "--output", "table.csv", folder=tmp_path).returncode == 0
    assert (tmp_path / "table.csv").read_text().splitlines()[1].endswith(',Say a,"{""generation"": ""a""}"')


@pytest.mark.parametrize("more", ["prompts", "", "prompt,"])
def test_a_column_that_is_none_is_refused(world: World, tmp_path: Path, more: str) -> None:
    answer = world.command(*a_copy(tmp_path), "--with", more, folder=tmp_path)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "is none of job_id, prompt, model_input, model_output" in answer.stderr


def test_odd_lines_stop_nothing_and_are_named(world: World, tmp_path: Path) -> None:
    command = [*a_copy(tmp_path, "", '{"recordId": "c", "modelInp'), "--output", "table.jsonl"]
    answer = world.command(*command, folder=tmp_path)
    assert answer.returncode == 1
    assert "prompts.jsonl.out:3: is blank; prompts.jsonl.out:4: is not JSON: " in answer.stderr
    assert [row["text"] for row in rows_of((tmp_path / "table.jsonl").read_text())] == ["b", "a"]
    summary = json.loads(world.command(*command, "--json", folder=tmp_path).stdout)
    assert (summary["succeeded"], summary["odd_lines"]["count"], summary["odd_input_lines"]["count"]) == (2, 2, 0)


@pytest.mark.parametrize("command", ["results", "report"])
def test_a_copy_without_results_is_told_in_a_line(world: World, tmp_path: Path, command: str) -> None:
    (tmp_path / "copy").mkdir()
    answer = world.command(command, "--output-dir", "copy", folder=tmp_path)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr.startswith("bedrock-batch: copy: has no *.jsonl.out file; ")
    assert answer.stderr.count("\n") == 1


def test_a_job_that_runs_has_no_results_yet(world: World, tmp_path: Path) -> None:
    world.faults.hold("Scheduled", "slow")
    arn = world.start("in.jsonl", jobName="slow")
    answer = world.command("results", arn, folder=tmp_path)
    assert answer.returncode == 2
    assert "its output is whole when it has ended" in answer.stderr
    world.faults.clear()
    assert world.aws.reach(arn, ENDED)["status"] == "Completed"
