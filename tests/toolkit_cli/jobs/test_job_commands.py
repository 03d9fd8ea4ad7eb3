"""`bedrock-batch list`, `status`, `watch` and `stop`."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.local_aws.conftest import ENDED
from tests.toolkit_cli.jobs.conftest import World, id_of


def test_jobs_are_listed_newest_first(world: World, done: str, failed: str, tmp_path: Path) -> None:
    answer = world.command("list", "--name-contains", "job", folder=tmp_path)
    assert answer.returncode == 0, answer.stderr
    head, *rows = answer.stdout.splitlines()
    assert head.split() == ["ID", "STATUS", "SUBMITTED", "TOOK", "MODEL", "NAME"]
    ids = [row.split()[0] for row in rows]
    listed = world.aws.bedrock.list_model_invocation_jobs(nameContains="job")["invocationJobSummaries"]
    assert ids == [id_of(job["jobArn"]) for job in listed]
    assert {id_of(done), id_of(failed)} <= set(ids)


def test_the_filters_are_those_of_the_api(world: World, done: str, failed: str, tmp_path: Path) -> None:
    answer = world.command("list", "--status", "Failed", "--json", folder=tmp_path)
    found = {job["jobArn"] for job in json.loads(answer.stdout)}
    assert failed in found
    assert done not in found
    later = world.command("list", "--submit-time-after", "2126-01-01", folder=tmp_path)
    assert (later.returncode, later.stdout, later.stderr) == (0, "", "no jobs\n")
    wrong = world.command("list", "--submit-time-after", "yesterday", folder=tmp_path)
    assert wrong.returncode == 2
    assert "must be a time such as 2026-11-23" in wrong.stderr


@pytest.mark.parametrize("named", ["arn", "id", "name"])
def test_a_job_is_named_by_arn_id_or_name(world: World, done: str, tmp_path: Path, named: str) -> None:
    reference = {"arn": done, "id": id_of(done), "name": "good-job"}[named]
    answer = world.command("status", reference, "--json", folder=tmp_path)
    told = json.loads(answer.stdout)
    real = world.aws.bedrock.get_model_invocation_job(jobIdentifier=done)
    del real["ResponseMetadata"]
    assert set(told) == set(real)
    assert (told["jobArn"], told["successRecordCount"]) == (done, 120)
    assert told["submitTime"] == real["submitTime"].isoformat().replace("+00:00", "Z")


def test_the_region_of_an_arn_is_the_one_to_ask(world: World, done: str, tmp_path: Path) -> None:
    elsewhere = done.replace(":us-east-1:", ":eu-west-1:")
    answer = world.command("status", elsewhere, folder=tmp_path)
    assert answer.returncode == 2
    assert "in eu-west-1" in answer.stderr


def test_status_tells_counts_message_and_places(world: World, failed: str, tmp_path: Path) -> None:
    answer = world.command("status", failed, folder=tmp_path)
    assert answer.returncode == 0
    assert "message    Batch job contains less records (3) than the required minimum of: 100" in answer.stdout
    assert f"output     s3://{world.bucket}/out/{id_of(failed)}/" in answer.stdout


def test_a_name_that_no_job_has_comes_with_those_that_are_like_it(world: World, done: str, tmp_path: Path) -> None:
    answer = world.command("status", "good", folder=tmp_path)
    assert answer.returncode == 2
    assert answer.stderr.startswith('bedrock-batch: there is no job "good" in us-east-1; jobs with such a name: ')
    assert f"{id_of(done)} (good-job, Completed)" in answer.stderr
    nobody = world.command("status", "no_such/job", folder=tmp_path)
    assert 'there is no job "no_such/job" in us-east-1; bedrock-batch list shows' in nobody.stderr
    missing = world.command("status", folder=tmp_path)
    assert "no job is named" in missing.stderr


def test_watch_ends_with_the_outcome(world: World, done: str, failed: str, tmp_path: Path) -> None:
    good, bad = (world.command("watch", arn, folder=tmp_path) for arn in (done, failed))
    assert good.returncode == 0
    assert good.stdout.endswith("Completed  120 of 120 records\n")
    assert bad.returncode == 3
    assert "Failed  Batch job contains less records (3)" in bad.stdout


def test_watch_says_when_no_record_succeeded(world: World, tmp_path: Path) -> None:
    with world.faults.fail_records(1, 500, "broken", job_name="hopeless"):
        arn = world.run("in.jsonl", jobName="hopeless")
    answer = world.command("watch", arn, folder=tmp_path)
    assert answer.returncode == 1
    assert "Completed  120 of 120 records, 120 failed" in answer.stdout


def test_watch_sees_each_state_through_throttling_and_lost_replies(world: World) -> None:
    with world.faults.hold("Scheduled", "watched"):
        arn = world.start("in.jsonl", jobName="watched")
        world.aws.reach(arn, {"Scheduled"})
        process = subprocess.Popen(
            [sys.executable, "-m", "bedrock_batch.cli", "watch", arn, "--json"],
            env=world.environment | {"AWS_MAX_ATTEMPTS": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stdout
        first = json.loads(process.stdout.readline())
        world.faults.throttle(1, "GetModelInvocationJob")
        world.faults.drop_reply(1, "GetModelInvocationJob")
        while len(world.faults.all()) > 1:
            time.sleep(0.05)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert first["status"] == "Scheduled"
    assert json.loads(out.splitlines()[-1])["status"] == "Completed"
    assert "no answer, trying again: An error occurred (ThrottlingException)" in err
    assert err.count("trying again") == 2


def test_stop_stops_a_live_job_and_watch_says_so(world: World, tmp_path: Path) -> None:
    world.faults.hold("Scheduled", "endless")
    arn = world.start("in.jsonl", jobName="endless")
    answer = world.command("stop", "endless", "--wait", folder=tmp_path)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout == f"job {id_of(arn)} is Stopped, 0 of 0 records done\n"
    assert world.aws.bedrock.get_model_invocation_job(jobIdentifier=arn)["status"] == "Stopped"
    assert world.command("watch", arn, folder=tmp_path).returncode == 5


def test_stop_asks_on_a_terminal(world: World, tmp_path: Path) -> None:
    world.faults.hold("Scheduled", "asked")
    arn = world.start("in.jsonl", jobName="asked")
    keyboard, terminal = os.openpty()
    os.write(keyboard, b"n\n")
    command = [sys.executable, "-m", "bedrock_batch.cli", "stop", arn]
    answer = subprocess.run(command, env=world.environment, stdin=terminal, capture_output=True, text=True, check=False)
    assert (answer.returncode, answer.stdout) == (1, "")
    assert f"Stop job {id_of(arn)} (asked), 0 of 0 records done? [y/N] not stopped" in answer.stderr
    assert world.aws.bedrock.get_model_invocation_job(jobIdentifier=arn)["status"] != "Stopping"
    assert world.command("stop", arn, "--yes", "--wait", folder=tmp_path).returncode == 0


def test_stop_of_a_job_that_has_ended_says_so(world: World, done: str, tmp_path: Path) -> None:
    answer = world.command("stop", done, folder=tmp_path)
    assert answer.returncode == 0
    assert answer.stdout == f"job {id_of(done)} had ended already: it is Completed\n"


def test_a_job_that_runs_has_no_results_yet(world: World, tmp_path: Path) -> None:
    world.faults.hold("Scheduled", "slow")
    arn = world.start("in.jsonl", jobName="slow")
    answer = world.command("results", arn, folder=tmp_path)
    assert answer.returncode == 2
    assert "its output is whole when it has ended" in answer.stderr
    world.faults.clear()
    assert world.aws.reach(arn, ENDED)["status"] == "Completed"
