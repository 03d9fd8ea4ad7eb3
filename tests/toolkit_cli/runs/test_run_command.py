"""`bedrock-batch run`: what it comes to, the question, the run, and how it ended."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.end_to_end.pipelines import files
from tests.toolkit_cli.runs.conftest import JOBS, RECORDS, STACK, World
from tests.unit.toolkit.prices.recorded import Row, price_list

Done = subprocess.CompletedProcess[str]


def test_it_says_what_there_is_to_do_then_how_far_it_is_and_what_it_came_to(monday: Done) -> None:
    assert monday.returncode == 0, monday.stderr
    assert f"{JOBS} objects, 51,990 bytes: {RECORDS} records in about {JOBS} jobs\n" in monday.stderr
    assert "\nrun monday: arn:aws:states:" in monday.stderr
    *lines, last = monday.stdout.splitlines()
    assert "  RUNNING  " in lines[0]
    assert lines[-1].endswith(
        f"SUCCEEDED  round 1: {JOBS} of {JOBS} jobs done, {RECORDS} of {RECORDS} records answered"
    )
    assert last.startswith(f"{RECORDS} records: {RECORDS} succeeded, 0 failed, 0 unanswered; {JOBS} jobs, 30 asked on")


def test_a_run_that_fails_says_why_and_json_is_its_summary(world: World, tmp_path: Path) -> None:
    """The first job's records fail for good."""
    with world.aws.faults.fail_records(1, 400, "refused", job_name="-r1-000001-001-"):
        answer = world.command("run", world.name, "--name", "failing", "--yes", "--json", folder=tmp_path)
    assert answer.returncode == 1
    told = json.loads(answer.stdout)
    assert (told["Run"], told["Status"], told["Succeeded"], told["Failed"]) == ("failing", "FAILED", 300, 150)
    assert "run failing is FAILED: TooManyFailuresError: 150 of 450 records failed" in answer.stderr
    status = world.command("status", "--stack", STACK, "--run", "failing", folder=tmp_path)
    assert status.returncode == 0
    assert "error 400  150 records: refused\n" in status.stdout
    assert world.command("watch", "--stack", STACK, "--run", "failing", folder=tmp_path).returncode == 1


def test_on_a_terminal_it_asks_and_no_is_no(world: World) -> None:
    keyboard, terminal = os.openpty()
    os.write(keyboard, b"n\n")
    command = [sys.executable, "-m", "bedrock_batch.cli", "run", world.name, "--name", "unwanted"]
    answer = subprocess.run(command, env=world.environment, stdin=terminal, capture_output=True, text=True, check=False)
    assert (answer.returncode, answer.stdout) == (1, "")
    assert f"Run {world.name}, with amazon.nova-lite-v1:0? [y/N] nothing begun" in answer.stderr
    began = world.pipeline.states.list_executions(stateMachineArn=world.pipeline.machine)["executions"]
    assert "unwanted" not in [each["name"] for each in began]


def test_before_the_question_it_says_what_it_costs_to_have_the_records_read(world: World, tmp_path: Path) -> None:
    rows = [Row(f"USE1-NovaLite-{way}-tokens-batch", "Nova Lite", "1.0000000000") for way in ("input", "output")]
    price_list(tmp_path / "prices.json", tuple(rows))
    answer = world.command("run", world.name, "--max-records", "449", "--prices", "prices.json", folder=tmp_path)
    # 7,320 bytes of text are 1,830 tokens, at 1,000 USD for a million.
    assert "\ncost: about 1.83 USD for what is read, and what is written besides, at 1000 USD in" in answer.stderr
    asked = world.command("run", world.name, "--max-records", "449", "--prices", "aws", folder=tmp_path)
    assert "\ncost not known: AWS's Price List cannot be asked: " in asked.stderr
    assert "more than --max-records 449" in asked.stderr


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("run nothing", 'there is no state machine "nothing" in us-east-1; name a pipeline'),
        ("run {name:.30}", "those with such a name: {name}"),
        ("run {looks}", "{looks} is no batch inference pipeline; name one that"),
        ("run {machine}s", "there is no state machine"),
        ("run --stack nothing", "Stack [nothing] does not exist"),
        ("run --stack {stack} Daily", 'has no pipeline whose logical id starts with "Daily"; name one of Nightly'),
        ("run {name} --resume x --max-records 9", "--max-records is for a run that begins; leave it out with --resume"),
        ("run {name} --resume x --prices aws", "prices are for a run that begins; leave them out with --resume"),
        ("run {name} --resume x --input-price 1 --output-price 2", "prices are for a run that begins; leave them out"),
        ("run {name} --max-records 449", "there are about 450 records, more than --max-records 449"),
        ("run {name} --resume never", 'pipeline {name} has no run "never": there is nothing in s3://'),
        ("run {name} --name monday", 'pipeline {name} has had a run "monday"; choose another --name, or go on'),
        ("status --run {name}/never", 'pipeline {name} has no run "never"; the newest are '),
        ("results --stack {stack}", "has no job of its own, but the pipeline Nightly"),
        ("watch --stack {stack}", "whose runs make jobs; add --run NAME"),
        ("doctor --stack {stack}", "name one of its jobs, which are among those of bedrock-batch list"),
        ("status --stack {stack} --run never a b", "--run is about one pipeline of the stack"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(world: World, monday: Done, tmp_path: Path, line: str, said: str) -> None:
    assert monday.returncode == 0
    looks = next(
        each["stateMachineArn"]
        for each in world.pipeline.states.list_state_machines()["stateMachines"]
        if each["name"] != world.name
    )
    names = {"name": world.name, "machine": world.pipeline.machine, "stack": STACK, "looks": looks}
    answer = world.command(*line.format(**names).split(), folder=tmp_path)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert said.format(**names) in answer.stderr.splitlines()[-1]


def test_an_input_without_records_begins_nothing(world: World, monday: Done, tmp_path: Path) -> None:
    assert monday.returncode == 0
    world.pipeline.clear()
    try:
        answer = world.command("run", "--stack", STACK, "--yes", folder=tmp_path)
    finally:
        world.pipeline.put(files(JOBS))
    assert answer.returncode == 2
    assert "has no object with records whose key ends in .jsonl; upload them first" in answer.stderr
