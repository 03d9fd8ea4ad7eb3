"""A local AWS with one pipeline, and the command that runs it and looks at its runs."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bedrock_local.environment import isolated
from bedrock_local.local_aws import LocalAws
from bedrock_local.running import RunningAws
from tests.end_to_end.pipelines import Pipeline, files
from tests.end_to_end.stacks import Stacks

STACK = "CommandedPipeline"
#: Files of the input, each of which is a job.
JOBS = 3
RECORDS = 150 * JOBS
TOOLKIT = Path(__file__).parents[3] / "toolkit"


@dataclass(frozen=True)
class World:
    """The pipeline, and its commands."""

    aws: RunningAws
    pipeline: Pipeline

    def command(self, *arguments: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run ``bedrock-batch``."""
        command = [sys.executable, "-m", "bedrock_batch.cli", *arguments]
        return subprocess.run(
            command,
            cwd=folder,
            env=self.environment | environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    @property
    def environment(self) -> dict[str, str]:
        return {**isolated(os.environ, self.aws.environment()), "PYTHONPATH": str(TOOLKIT)}

    @property
    def name(self) -> str:
        """The name of the state machine."""
        return self.pipeline.machine.rpartition(":")[2]


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with LocalAws(
        model="echo",
        directory=tmp_path_factory.mktemp("local-aws"),
        speed=500,
        behaviours={"role_propagation": 0},
        admin=True,
    ) as running:
        pipeline = Pipeline.deploy(Stacks(running, tmp_path_factory.mktemp("stacks")), STACK)
        pipeline.put(files(JOBS))
        yield World(running, pipeline)


@pytest.fixture(autouse=True)
def nothing_goes_wrong(world: World) -> Iterator[None]:
    yield
    world.aws.faults.clear()


@pytest.fixture(scope="session")
def monday(world: World, tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    """A run that succeeded: a few records fail in its second job, and are asked on demand."""
    with world.aws.faults.fail_records(0.2, 500, "broken", job_name="-r1-000001-002-"):
        return world.command("run", "--stack", STACK, "--name", "monday", folder=tmp_path_factory.mktemp("monday"))
