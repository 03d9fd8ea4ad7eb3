"""`bedrock-batch stop`: a job that lives, and one that has ended."""

import os
import subprocess
import sys
from pathlib import Path

from tests.toolkit_cli.jobs.conftest import World, id_of


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
