"""A local AWS that ends in mid-deployment ends the deployment, and says why."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bedrock_local.running import RunningAws, find
from tests.local_aws.command.test_deploy import APP_THAT_HANGS
from tests.local_aws.command.test_deployed_jobs import APP
from tests.local_aws.processes import PATIENCE_SECONDS, descendants, eventually, gone
from tests.local_aws.program import bedrock_local, started

# Also the CDK CLI is ended meanwhile.
AT_ONCE_SECONDS = 30
# As synthesized.
STACK = {"type": "aws:cloudformation:stack", "environment": "aws://unknown-account/unknown-region"}
MANIFEST = {"version": "38.0.0", "artifacts": {"Hangs": {**STACK, "properties": {"templateFile": "template.json"}}}}
TRUST = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
CODE = "import pathlib, time\ndef handler(*_):\n    pathlib.Path({!r}).touch()\n    time.sleep(600)"
HANGING = ["deploy", "--app", f"touch reached; {APP_THAT_HANGS}"]


def running(folder: Path) -> RunningAws:
    aws = find(folder / ".bedrock-local")
    assert aws
    return aws


@pytest.fixture
def stays(tmp_path: Path) -> Iterator[None]:
    """A local AWS that somebody else has started."""
    assert bedrock_local("up", "--detach", "--model", "echo", folder=tmp_path).returncode == 0
    yield
    bedrock_local("down", folder=tmp_path)


def assembly_with_a_function_that_hangs(folder: Path) -> Path:
    role = {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [TRUST]}}
    function = {
        "Runtime": "python3.13",
        "Handler": "index.handler",
        "Role": {"Fn::GetAtt": ["Role", "Arn"]},
        "Code": {"ZipFile": CODE.format(str(folder / "reached"))},
        "Timeout": 600,
    }
    resources = {
        "Role": {"Type": "AWS::IAM::Role", "Properties": role},
        "Function": {"Type": "AWS::Lambda::Function", "Properties": function},
        "Resource": {"Type": "Custom::It", "Properties": {"ServiceToken": {"Fn::GetAtt": ["Function", "Arn"]}}},
    }
    assembly = folder / "assembly"
    assembly.mkdir()
    (assembly / "manifest.json").write_text(json.dumps(MANIFEST))
    (assembly / "template.json").write_text(json.dumps({"Resources": resources}))
    return assembly


def assert_ended(process: subprocess.Popen[str], family: set[int], why: str = "was killed by signal 9") -> None:
    told = process.communicate(timeout=PATIENCE_SECONDS)[0]
    assert process.returncode == 2, told
    (line,) = (line for line in told.splitlines() if line.startswith("bedrock-local: "))
    assert line.startswith("bedrock-local: the local AWS has ended, and all that was in it: ")
    assert why in line
    assert "Traceback" not in told
    assert "it has said why" not in told
    assert gone(family)


def test_in_mid_synthesis(tmp_path: Path) -> None:
    with started([*HANGING, "--model", "echo"], tmp_path) as process:
        assert eventually((tmp_path / "reached").exists)
        family = descendants(process.pid)
        os.kill(running(tmp_path).pid, signal.SIGKILL)
        assert_ended(process, family)


def test_in_mid_bootstrap(tmp_path: Path) -> None:
    with started([*HANGING, "--model", "echo"], tmp_path) as process:
        assert eventually((tmp_path / ".bedrock-local" / "bootstrap.log").exists)
        # The CDK CLI talks to it.
        assert eventually(lambda: "Bootstrapping" in (tmp_path / ".bedrock-local" / "bootstrap.log").read_text())
        family = descendants(process.pid)
        os.kill(running(tmp_path).pid, signal.SIGKILL)
        assert_ended(process, family)


@pytest.mark.usefixtures("stays")
def test_of_one_that_somebody_else_has_started(tmp_path: Path) -> None:
    with started(HANGING, tmp_path) as process:
        assert eventually((tmp_path / "reached").exists)
        family = descendants(process.pid)
        os.kill(running(tmp_path).pid, signal.SIGKILL)
        assert_ended(process, family)


@pytest.mark.usefixtures("stays")
def test_when_somebody_stops_it(tmp_path: Path) -> None:
    with started(HANGING, tmp_path) as process:
        assert eventually((tmp_path / "reached").exists)
        family = descendants(process.pid)
        assert bedrock_local("down", folder=tmp_path).returncode == 0
        assert_ended(process, family, "somebody has stopped it")


def test_while_jobs_are_followed(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(APP)
    with started(["deploy", "--model", "echo", "--admin", "--app", "python app.py iron"], tmp_path) as process:
        assert process.stdout
        assert any(line.startswith("the local AWS is up") for line in process.stdout)
        running(tmp_path).faults.hold("InProgress")
        assert any("InProgress" in line for line in process.stdout)
        os.kill(running(tmp_path).pid, signal.SIGKILL)
        assert_ended(process, descendants(process.pid))


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT])
def test_while_a_function_answers_a_custom_resource(signum: signal.Signals, tmp_path: Path) -> None:
    app = assembly_with_a_function_that_hangs(tmp_path)
    with started(["deploy", "--model", "echo", "--app", str(app)], tmp_path) as process:
        assert eventually((tmp_path / "reached").exists)
        family = descendants(process.pid)
        began = time.monotonic()
        os.kill(running(tmp_path).pid, signum)
        assert_ended(process, family, "somebody has stopped it")
        assert time.monotonic() - began < AT_ONCE_SECONDS


def test_up_says_why_it_ends(tmp_path: Path) -> None:
    with started(["up", "--model", "echo"], tmp_path) as process:
        assert process.stdout
        assert any(line.startswith("the local AWS is up") for line in process.stdout)
        os.kill(running(tmp_path).pid, signal.SIGKILL)
        told = process.communicate(timeout=PATIENCE_SECONDS)[0]
        assert process.returncode == 2
        assert "bedrock-local: the local AWS has ended: " in told
        assert told.endswith("was killed by signal 9\n")
