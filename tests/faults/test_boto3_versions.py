"""The boto3 that Lambda's runtime brings is older or newer than the construct's."""

import fcntl
import subprocess
import sys
from pathlib import Path

import pytest

from .aws import Aws, properties

#: Made once, by pip; remove the folder to have the newest of today.
VENVS = Path(__file__).parents[2] / "build" / "venvs"


@pytest.fixture(scope="module", params=["boto3==1.35.30", "boto3"])
def python(request: pytest.FixtureRequest) -> Path:
    """The Python of an environment that has boto3 and nothing else; without a version it is the newest."""
    environment = VENVS / f"{sys.version_info.major}.{sys.version_info.minor}-{request.param}"
    environment.mkdir(parents=True, exist_ok=True)
    python = environment / "bin" / "python"
    with (environment / "lock").open("w") as lock:
        # Two workers may come at the same time, and one may have been interrupted.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (environment / "complete").exists():
            subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
            install = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--upgrade"]
            subprocess.run([*install, request.param], check=True)
            (environment / "complete").touch()
    return python


def test_a_job_lives_its_life_with_the_boto3_of_the_runtime(aws: Aws, python: Path) -> None:
    aws.function.redeploy(python=str(python))
    # Newer than the older boto3: only our own copy of the service model knows it.
    stack = aws.stack()
    assert stack.deploy({"Job": properties(modelInvocationType="Converse")}) == "CREATE_COMPLETE", stack.reasons
    assert stack.deploy({"Job": properties()}) == "UPDATE_COMPLETE"
    assert stack.destroy() == "DELETE_COMPLETE"
    calls = aws.front.of("CreateModelInvocationJob")
    assert [call.get("modelInvocationType") for call in calls] == ["Converse", None]
    assert [job.status for job in aws.bedrock.jobs] == ["Stopped", "Stopped"]


def test_the_runtime_s_boto3_is_the_one_that_is_used(python: Path, request: pytest.FixtureRequest) -> None:
    version = subprocess.run(
        [python, "-I", "-c", "import boto3; print(boto3.__version__)"], capture_output=True, text=True, check=True
    ).stdout.strip()
    wanted = request.node.callspec.params["python"].partition("==")[2]
    assert version == (wanted or version)
    assert tuple(map(int, version.split("."))) >= (1, 43) or wanted
