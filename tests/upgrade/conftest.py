import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bedrock_local.cdk.cli import LOOKS, CdkCli
from bedrock_local.local_aws import LocalAws
from bedrock_local.running import RunningAws

from .app import synthesize

CDK = Path(__file__).parents[2] / "node_modules" / ".bin" / "cdk"
OPTIONS = ["--require-approval", "never", "--plugin", LOOKS, "--no-notices", "--ci"]


@contextmanager
def bootstrapped_aws(directory: Path, **options: Any) -> Iterator[RunningAws]:
    """Run a local AWS that the CDK CLI can deploy to."""
    # At the usual speed: a faster one shortens the hours of a job's timeout too, and jobs are held for minutes here.
    with LocalAws(
        model="echo",
        directory=directory,
        # Earlier roles may use the models behind a profile only where they are told the profile.
        behaviours={"role_propagation": 0, "inference_profile_key": "present"},
        admin=True,
        **options,
    ) as running:
        CdkCli(running, directory).bootstrap()
        yield running


@pytest.fixture(scope="session")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAws]:
    with bootstrapped_aws(tmp_path_factory.mktemp("local-aws")) as running:
        yield running


@pytest.fixture(scope="session")
def present(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the construct makes today of the app of `app.synthesize`."""
    return synthesize(tmp_path_factory.mktemp("present") / "assembly")


def deploy(aws: RunningAws, assembly: Path, *arguments: str) -> None:
    """Deploy by the real CDK CLI."""
    done = try_to_deploy(aws, assembly, *arguments)
    assert done.returncode == 0, done.stdout + done.stderr


def try_to_deploy(aws: RunningAws, assembly: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Deploy by the real CDK CLI, and return how that ended."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return subprocess.run(
        [CDK, "deploy", *arguments, "--app", assembly, *OPTIONS],
        env={**aws.environment(), "PATH": path, "CDK_DISABLE_CLI_TELEMETRY": "true"},
        cwd=assembly.parent,
        capture_output=True,
        text=True,
        check=False,
    )
