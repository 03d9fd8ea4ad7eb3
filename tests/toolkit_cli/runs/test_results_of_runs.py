"""What a run has left: one set of results over its jobs and what was asked on demand, in S3 and as copies."""

import csv
import json
import subprocess
from collections import Counter
from pathlib import Path

from bedrock_batch import Run, find_pipeline, open_run_results
from tests.end_to_end.jobs import objects
from tests.end_to_end.pipelines import ids
from tests.toolkit_cli.runs.conftest import JOBS, RECORDS, STACK, World

Done = subprocess.CompletedProcess[str]
RUN = ("--stack", STACK, "--run", "monday")


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def test_each_record_is_told_once_wherever_it_was_answered(world: World, monday: Done, tmp_path: Path) -> None:
    assert monday.returncode == 0, monday.stderr
    answer = world.command("results", *RUN, "--output", "monday.csv", folder=tmp_path)
    assert answer.returncode == 0, answer.stderr
    told = rows(tmp_path / "monday.csv")
    assert sorted(row["record_id"] for row in told) == ids(JOBS)
    assert {row["status"] for row in told} == {"succeeded"}
    by_job = Counter(row["job_id"] for row in told)
    assert sorted(by_job.values()) == [30, 120, 150, 150]
    assert by_job["on-demand"] == 30


def test_a_run_is_joined_with_a_table(world: World, monday: Done, tmp_path: Path) -> None:
    assert monday.returncode == 0, monday.stderr
    backwards = sorted(ids(JOBS), reverse=True)
    (tmp_path / "t.csv").write_text("stars,nr\n" + "".join(f"5,{each}\n" for each in [*backwards, "of nobody"]))
    answer = world.command("results", *RUN, "--join", "t.csv", "--output", "monday.csv", folder=tmp_path)
    assert answer.returncode == 0, answer.stderr
    assert "1 row of t.csv without a result" in answer.stderr
    *told, last = rows(tmp_path / "monday.csv")
    assert [(row["nr"], row["record_id"]) for row in told] == [(each, each) for each in backwards]
    assert ({row["status"] for row in told}, last["status"]) == ({"succeeded"}, "")


def test_a_run_that_asked_only_on_demand_has_results(world: World) -> None:
    """Its deadline was over before there was room for a job."""
    pipeline, s3 = world.pipeline, world.pipeline.s3
    body = {"recordId": "a", "modelInput": {"messages": []}}
    for name, content in {
        "runs/late/demand/tasks/000001.jsonl": body,
        "results/late/on-demand/000001.jsonl.out": body | {"modelOutput": {"text": "b"}},
        "results/late/on-demand/manifest.json.out": {"totalRecordCount": 1},
    }.items():
        key = f"nightly/{name}"
        s3.put_object(Bucket=pipeline.bucket("Summaries"), Key=key, Body=json.dumps(content).encode() + b"\n")
    found = find_pipeline(pipeline.states, world.aws.client("lambda"), world.name)
    run = Run(found, {"name": "late", "status": "SUCCEEDED"})
    with open_run_results(world.aws.client("bedrock"), s3, run) as opened:
        assert [(each.record_id, each.status) for each in opened.results] == [("a", "succeeded")]


def test_copies_tell_the_same_when_all_else_is_gone(world: World, monday: Done, tmp_path: Path) -> None:
    assert monday.returncode == 0, monday.stderr
    world.command("results", *RUN, "--output", "of-run.csv", folder=tmp_path)
    bucket = world.pipeline.bucket("Summaries")
    for name, content in objects(world.pipeline.s3, f"s3://{bucket}/nightly/results/monday/").items():
        file = tmp_path / "copy" / name.removeprefix("nightly/results/monday/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    answer = world.command("results", "--output-dir", "copy", "--output", "of-copy.csv", folder=tmp_path)
    assert answer.returncode == 0, answer.stderr
    in_both = [
        sorted((row["record_id"], row["text"], row["job_id"]) for row in rows(tmp_path / name))
        for name in ("of-run.csv", "of-copy.csv")
    ]
    assert in_both[0] == in_both[1]


def test_the_page_counts_the_records_of_all(world: World, monday: Done, tmp_path: Path) -> None:
    assert monday.returncode == 0, monday.stderr
    answer = world.command("report", *RUN, "--json", folder=tmp_path)
    counts = {"succeeded": RECORDS, "failed": 0, "missing": 0}
    assert json.loads(answer.stdout) == {"file": "results.html", **counts, "cost": None, "problems": []}
    page = (tmp_path / "results.html").read_text(encoding="utf-8")
    assert f"<h1>Results of {JOBS} batch inference jobs</h1>" in page


def test_status_has_the_summary_of_a_run_that_is_over(world: World, monday: Done, tmp_path: Path) -> None:
    assert monday.returncode == 0, monday.stderr
    answer = world.command("status", "--run", f"{world.name}/monday", "--json", folder=tmp_path)
    told = json.loads(answer.stdout)
    assert (told["status"], told["succeeded"], told["summary"]["OnDemand"]["Records"]) == ("SUCCEEDED", RECORDS, 30)
    assert world.command("status", *RUN, "Nightly", folder=tmp_path).stdout.startswith("status     SUCCEEDED\n")
