"""`bedrock-batch watch`: a job to its end."""

import json
import subprocess
import sys
import time
from pathlib import Path

from tests.toolkit_cli.jobs.conftest import World


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
