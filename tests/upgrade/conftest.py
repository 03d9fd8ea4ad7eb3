import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bedrock_local.cdk import CdkCli
from bedrock_local.local_aws import LocalAws
from bedrock_local.running import RunningAws

CDK = Path(__file__).parents[2] / "node_modules" / ".bin" / "cdk"


@pytest.fixture(scope="session")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAws]:
    directory = tmp_path_factory.mktemp("local-aws")
    with LocalAws(
        model="echo", directory=directory, speed=500, behaviours={"role_propagation": 0}, admin=True
    ) as running:
        CdkCli(running, directory).bootstrap()
        yield running


def deploy(aws: RunningAws, assembly: Path) -> None:
    """Deploy by the real CDK CLI."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        [CDK, "deploy", "--require-approval", "never", "--app", assembly, "--no-notices", "--ci"],
        env={**aws.environment(), "PATH": path, "CDK_DISABLE_CLI_TELEMETRY": "true"},
        cwd=assembly.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
