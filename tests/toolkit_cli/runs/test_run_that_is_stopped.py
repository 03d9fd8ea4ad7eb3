"""A run that is followed, left, stopped, and taken up again."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.broken_streams import assert_ends_well
from tests.end_to_end.pipelines import ids
from tests.end_to_end.waits import eventually
from tests.toolkit_cli.runs.conftest import JOBS, STACK, World


@pytest.fixture(scope="module", autouse=True)
def nothing_goes_wrong(world: World) -> Iterator[None]:
    """What holds the jobs stays there from test to test."""
    yield
    world.aws.faults.clear()


@pytest.fixture(scope="module")
def tuesday(world: World, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A run whose jobs all stay as they are, by the ARN of its execution."""
    world.aws.faults.hold("InProgress", job_name="-r1-")
    folder = tmp_path_factory.mktemp("tuesday")
    begun = world.command("run", "--stack", STACK, "--name", "tuesday", "--no-wait", "--json", folder=folder)
    told = json.loads(begun.stdout)
    assert (begun.returncode, told["run"]) == (0, "tuesday"), begun.stderr
    eventually(lambda: [job for job in world.pipeline.jobs if job["status"] == "InProgress"][JOBS - 1 :])
    return str(told["execution"])


def test_to_leave_it_leaves_it_running(world: World, tuesday: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "bedrock_batch.cli", "watch", "--run", tuesday, "--json"],
        env=world.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    first = json.loads(process.stdout.readline())
    assert (first["status"], first["jobs"], first["jobs_done"], first["records"]) == ("RUNNING", JOBS, 0, 450)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert f"the run goes on; bedrock-batch watch --run {tuesday} follows it, and bedrock-batch stop" in said
    assert world.pipeline.states.describe_execution(executionArn=tuesday)["status"] == "RUNNING"


def test_on_a_terminal_a_bar_tells_how_far_it_is(world: World, tuesday: str) -> None:
    terminal, errors = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "bedrock_batch.cli", "watch", "--run", tuesday],
        env=world.environment | {"TERM": "xterm", "COLUMNS": "100"},
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
    )
    drawn = ""
    while "0 of 450 records answered" not in drawn:
        drawn += os.read(terminal, 4096).decode()
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    assert "tuesday" in drawn
    (line,) = out.splitlines()
    assert line.endswith("RUNNING  round 1: 0 of 3 jobs done, 0 of 450 records answered")


@pytest.mark.usefixtures("tuesday")
@pytest.mark.parametrize("broken", ["closed", "full"])
def test_a_run_says_that_it_cannot_print(world: World, broken: str, tmp_path: Path) -> None:
    words = [sys.executable, "-m", "bedrock_batch.cli", "run", world.name, "--name", f"unheard-{broken}", "--no-wait"]
    assert_ends_well("bedrock-batch", words, broken, folder=tmp_path, environment=world.environment)


def test_results_of_a_run_that_goes_on_are_refused(world: World, tuesday: str, tmp_path: Path) -> None:
    answer = world.command("results", "--run", tuesday, folder=tmp_path)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "run tuesday is RUNNING, and its results are whole when it has ended; wait, or stop it" in answer.stderr


def test_another_run_meanwhile_fails_with_the_name_of_the_one_that_goes_on(
    world: World, tuesday: str, tmp_path: Path
) -> None:
    answer = world.command("run", "--stack", STACK, "--name", "meanwhile", folder=tmp_path)
    assert answer.returncode == 1
    assert f"the run tuesday of this pipeline goes on ({tuesday})" in answer.stderr
    results = world.command("results", "--stack", STACK, "--run", "meanwhile", folder=tmp_path)
    assert results.returncode == 2
    assert (
        "run meanwhile has no results: it is FAILED and had no jobs; PipelineError: the run tuesday" in results.stderr
    )


def test_a_run_is_stopped_with_its_jobs_and_goes_on_where_it_was(world: World, tuesday: str, tmp_path: Path) -> None:
    stopped = world.command("stop", "--run", tuesday, "--wait", folder=tmp_path)
    assert (stopped.returncode, stopped.stdout) == (0, "run tuesday is ABORTED, and its jobs are being stopped\n")
    again = world.command("stop", "--stack", STACK, "--run", "tuesday", folder=tmp_path)
    assert again.stdout == "run tuesday had ended already: it is ABORTED\n"
    followed = world.command("watch", "--run", tuesday, folder=tmp_path)
    assert followed.returncode == 5
    assert "run tuesday is ABORTED: stopped by bedrock-batch stop" in followed.stderr
    eventually(lambda: [job for job in world.pipeline.jobs if job["status"] == "Stopped"][JOBS - 1 :])
    world.aws.faults.clear()

    resumed = world.command(
        "run", "--stack", STACK, "Nightly", "--resume", "tuesday", "--name", "resuming", folder=tmp_path
    )
    assert resumed.returncode == 0, resumed.stderr
    assert world.pipeline.answered("tuesday") == ids(JOBS)
    results = world.command("results", "--stack", STACK, "--run", "resuming", "--json", folder=tmp_path)
    told = json.loads(results.stdout)
    assert (told["succeeded"], told["failed"], told["missing"]["count"]) == (450, 0, 0)
