"""Several jobs at a time: looked at, followed to their ends, and stopped."""

import csv
import json
from collections import Counter
from pathlib import Path

from tests.local_aws.conftest import records
from tests.toolkit_cli.jobs.conftest import World, id_of


def retried(world: World, arn: str, folder: Path) -> str:
    """Try the records of a job again, to the end."""
    submitted = world.command("retry", arn, "--submit", "--json", folder=folder)
    again = str(json.loads(submitted.stdout)["job"]["jobArn"])
    world.aws.end(again)
    return again


def test_status_shows_several_a_line_each_and_as_a_list(world: World, done: str, failed: str, tmp_path: Path) -> None:
    answer = world.command("status", done, "failed-job", done, folder=tmp_path)
    assert answer.returncode == 0, answer.stderr
    head, *rows = (line.split() for line in answer.stdout.splitlines())
    assert head == ["ID", "STATUS", "DONE", "OF", "FAILED", "NAME"]
    assert [row[:2] for row in rows] == [[id_of(done), "Completed"], [id_of(failed), "Failed"]]
    told = json.loads(world.command("status", done, failed, "--json", folder=tmp_path).stdout)
    assert [job["jobArn"] for job in told] == [done, failed]


def test_watch_follows_all_and_ends_with_the_worst(world: World, done: str, failed: str, tmp_path: Path) -> None:
    answer = world.command("watch", done, failed, folder=tmp_path)
    assert answer.returncode == 3
    assert f"{id_of(done)} good-job  Completed  120 of 120 records\n" in answer.stdout
    assert f"{id_of(failed)} failed-job  Failed  Batch job contains" in answer.stdout
    lines = world.command("watch", failed, done, "--json", folder=tmp_path).stdout.splitlines()
    assert [json.loads(line)["jobArn"] for line in lines] == [failed, done]


def test_stop_stops_each_also_when_another_is_refused(world: World, done: str, tmp_path: Path) -> None:
    arns = []
    for name in ("several-1", "several-2"):
        world.faults.hold("Scheduled", name)
        arns.append(world.start("in.jsonl", jobName=name))
    world.faults.fail("AccessDeniedException", operation="StopModelInvocationJob")
    answer = world.command("stop", *arns, done, "--wait", folder=tmp_path)
    assert answer.returncode == 2
    assert f"job {id_of(arns[0])} (several-1) is not stopped: " in answer.stderr
    second = world.aws.bedrock.get_model_invocation_job(jobIdentifier=arns[1])
    assert second["status"] in ("Stopping", "Stopped")
    again = world.command("stop", *arns, "--wait", folder=tmp_path)
    assert again.returncode == 0, again.stderr
    assert f"job {id_of(arns[0])} is Stopped, 0 of 0 records done\n" in again.stdout


def test_the_retries_of_a_job_are_found_by_its_id(world: World, tmp_path: Path) -> None:
    with world.faults.fail_records(1, 500, "broken", job_name="tried-"):
        first = world.run("in.jsonl", jobName="tried-" + "n" * 57)
        second = retried(world, first, tmp_path)
    third = retried(world, second, tmp_path)
    told = json.loads(world.command("status", first, "--retries", "--json", folder=tmp_path).stdout)
    assert [job["jobArn"] for job in told] == [first, third, second]
    assert world.command("watch", first, "--retries", folder=tmp_path).returncode == 1


def test_jobs_of_several_regions_are_refused(world: World, done: str, tmp_path: Path) -> None:
    elsewhere = done.replace(":us-east-1:", ":eu-west-1:")
    answer = world.command("status", done, elsewhere, folder=tmp_path)
    assert answer.returncode == 2
    assert "the jobs are in eu-west-1 and us-east-1; name those of one Region at a time" in answer.stderr


def test_what_is_done_for_one_job_says_which_are_meant(world: World, done: str, failed: str, tmp_path: Path) -> None:
    answer = world.command("retry", done, failed, folder=tmp_path)
    assert answer.returncode == 2
    named = f"name one of {id_of(done)} (good-job), {id_of(failed)} (failed-job)"
    assert f"2 jobs are meant, and this is done for one at a time; {named}" in answer.stderr


def test_of_a_job_and_its_retries_the_newest_success_of_each_record_counts(world: World, tmp_path: Path) -> None:
    """Nine of ten records fail, and then half of these again: three jobs, and one result a record in the end."""
    world.put("some.jsonl", records(400))
    with world.faults.fail_records(0.9, 500, "broken", job_name="some-"):
        first = world.run("some.jsonl", jobName="some-1")
    with world.faults.fail_records(0.5, 503, "broken again", job_name="some-"):
        second = retried(world, first, tmp_path)
    half = world.command("results", first, "--retries", "--output", "half.jsonl", folder=tmp_path)
    told = [json.loads(line) for line in (tmp_path / "half.jsonl").read_text().splitlines()]
    assert half.returncode == 0, half.stderr
    assert len({row["record_id"] for row in told}) == len(told) == 400
    # What failed twice is told as the second job tells it.
    failed = [row for row in told if row["status"] == "failed"]
    assert {(row["job_id"], row["error_message"]) for row in failed} == {(id_of(second), "broken again")}
    third = retried(world, second, tmp_path)
    report = world.command("report", first, "--retries", "--output", "page.html", "--json", folder=tmp_path)
    assert json.loads(report.stdout) == {
        "file": "page.html",
        "succeeded": 400,
        "failed": 0,
        "missing": 0,
        "cost": None,
        "problems": [],
    }
    page = (tmp_path / "page.html").read_text()
    assert "<h1>Results of 3 batch inference jobs</h1>" in page
    assert all(id_of(arn) in page for arn in (first, second, third))
    whole = world.command("results", first, second, third, "--output", "whole.csv", folder=tmp_path)
    assert whole.returncode == 0, whole.stderr
    assert "400 results: 400 succeeded, 0 failed" in whole.stderr
    by_job = Counter(row["job_id"] for row in csv.DictReader((tmp_path / "whole.csv").read_text().splitlines()))
    assert by_job[id_of(first)] == sum(row["job_id"] == id_of(first) for row in told)
    assert by_job[id_of(third)] == len(failed)
    assert len(by_job) == 3


def test_jobs_that_ask_for_different_things_keep_all_their_results(
    world: World, done: str, mixed: str, tmp_path: Path
) -> None:
    pro = "amazon.nova-pro-v1:0"
    role = world.aws.service_role(world.bucket, model=f"arn:aws:bedrock:us-east-1::foundation-model/{pro}")
    world.put("asks.jsonl", records(120, "Tell {n}"))
    other, asks = world.run("in.jsonl", modelId=pro, roleArn=role), world.run("asks.jsonl")
    answer = world.command("results", done, mixed, other, asks, "--json", folder=tmp_path)
    told = json.loads(answer.stdout)
    # All have the same ids. What the second asks, the first does too; the others ask another model, and other things.
    assert (answer.returncode, told["succeeded"], told["failed"]) == (0, 120 + 2 + 120 + 120, 1), answer.stderr
    assert world.command("results", done, other, "--input-order", "--json", folder=tmp_path).returncode == 2


def test_what_one_job_lacks_is_missing_only_if_no_other_has_it(world: World, done: str, tmp_path: Path) -> None:
    with world.faults.hold("Scheduled", "lacking"):
        arn = world.start("in.jsonl", jobName="lacking")
        world.aws.reach(arn, {"Scheduled"})
        world.command("stop", arn, "--wait", folder=tmp_path)
    both = world.command("results", arn, done, "--json", folder=tmp_path)
    assert (both.returncode, json.loads(both.stdout)["succeeded"]) == (0, 120), both.stderr
    assert f"job {id_of(arn)}: the job is Stopped and has written nothing to" in both.stdout
    alone = world.command("results", arn, "--json", folder=tmp_path)
    assert (alone.returncode, json.loads(alone.stdout)["missing"]["count"]) == (1, 120)


def test_results_of_a_job_that_has_not_ended_are_refused_with_its_name(world: World, done: str, tmp_path: Path) -> None:
    world.faults.hold("Scheduled", "unfinished")
    arn = world.start("in.jsonl", jobName="unfinished")
    world.aws.reach(arn, {"Scheduled"})
    answer = world.command("results", done, arn, folder=tmp_path)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert f"job {id_of(arn)} is Scheduled, and its output is whole when it has ended" in answer.stderr
    world.command("stop", arn, "--wait", folder=tmp_path)
