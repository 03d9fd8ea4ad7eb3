"""`bedrock-local deploy`, as a user runs it on an app without jobs, one that fails, and one that hangs."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bedrock_local.command.deployment import deploy as run_deployment
from bedrock_local.errors import DeploymentError
from bedrock_local.local_aws import LocalAws
from bedrock_local.running import RunningAws
from tests.local_aws.processes import descendants, eventually, gone
from tests.local_aws.program import ENVIRONMENT, bedrock_local, started

APP_THAT_HANGS = f"{sys.executable} -c 'import time; time.sleep(300)'"

APP_WITHOUT_JOBS = """
import aws_cdk as cdk
app = cdk.App()
cdk.CfnOutput(cdk.Stack(app, "Plain"), "Answer", value="42")
cdk.CfnWaitConditionHandle(app.node.find_child("Plain"), "Something")
app.synth()
"""
PIPELINE_OF_THE_APP = """
from aws_cdk import aws_s3 as s3
from cdk_bedrock_batch import BatchInferencePipeline, BatchModel, InputData
stack = app.node.find_child("Plain")
BatchInferencePipeline(stack, "Nightly", model=BatchModel.foundation_model("amazon.nova-lite-v1:0"),
                       input_data=InputData.from_bucket(s3.Bucket(stack, "Articles"), "incoming/"))
app.synth()
"""
ASSET_OF_THE_APP = """
from aws_cdk.aws_s3_assets import Asset
Asset(app.node.find_child("Plain"), "App", path=__file__)
app.synth()
"""

#: A cloud assembly, by the names of its files.
STACK_THAT_FAILS = {
    "manifest.json": {
        "version": "36.0.0",
        "artifacts": {
            "Failing": {
                "type": "aws:cloudformation:stack",
                "environment": "aws://unknown-account/unknown-region",
                "properties": {"templateFile": "Failing.template.json"},
            }
        },
    },
    "Failing.template.json": {
        "Resources": {"Broken": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "No", "Name": "/", "Value": ""}}}
    },
}


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("local-aws")


@pytest.fixture(scope="module")
def aws(directory: Path) -> Iterator[RunningAws]:
    with LocalAws(model="echo", directory=directory) as running:
        yield running


def deploy(app: str, directory: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    (folder / "app.py").write_text(app)
    given = " ".join(f"'{argument}'" for argument in arguments)
    return bedrock_local("deploy", "--dir", str(directory), "--app", f"python app.py {given}", folder=folder)


@pytest.mark.usefixtures("aws")
def test_an_app_without_jobs_is_deployed_with_its_outputs(directory: Path, tmp_path: Path) -> None:
    answer = deploy(APP_WITHOUT_JOBS.replace("app.synth()", PIPELINE_OF_THE_APP), directory, tmp_path)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    outputs = json.loads((directory / "outputs.json").read_text())["Plain"]
    assert outputs.pop("Answer") == "42"
    (machine,) = (arn.rpartition(":")[2] for name, arn in outputs.items() if "StateMachineArn" in name)
    assert "\nPlain.Answer = 42\n" in answer.stdout
    ready = f"A pipeline is ready; what begins a run: bedrock-batch run {machine}"
    assert f"\nThe deployment has no batch inference job.\n{ready}\n" in answer.stdout
    assert (directory / "cdk.out" / "Plain.template.json").exists()
    assert not (tmp_path / "cdk.out").exists()
    assert "\npreparing the local account (cdk bootstrap)\ndeploying (cdk deploy)\n" in answer.stdout
    assert "IN_PROGRESS" not in answer.stdout + answer.stderr


@pytest.mark.usefixtures("aws")
def test_an_app_that_fails_ends_with_its_own_words(directory: Path, tmp_path: Path) -> None:
    answer = deploy("raise SystemExit('no such prompt file')", directory, tmp_path)
    assert answer.returncode == 1
    assert "no such prompt file" in answer.stderr
    assert "bedrock-local: cdk deploy ended with exit code 1" in answer.stderr
    assert not (directory / "outputs.json").exists()


def test_a_deployment_that_fails_says_how_it_can_be_asked_why(
    aws: RunningAws, directory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "assembly").mkdir()
    for name, content in STACK_THAT_FAILS.items():
        (tmp_path / "assembly" / name).write_text(json.dumps(content))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", ENVIRONMENT["PATH"])
    with pytest.raises(
        DeploymentError, match=r"With --keep the local AWS stays, and bedrock-batch doctor can be asked$"
    ):
        run_deployment(replace(aws, exclusive=True), directory, "assembly", [])


def test_an_app_that_fails_at_once_leaves_no_half_bootstrap(aws: RunningAws, directory: Path, tmp_path: Path) -> None:
    app = f"{sys.executable} -c 'raise SystemExit(1)'"
    answer = bedrock_local("deploy", "--dir", str(directory), "--region", "eu-west-1", "--app", app, folder=tmp_path)
    assert answer.returncode == 1
    cloudformation = aws.at("eu-west-1").client("cloudformation")
    (stack,) = cloudformation.describe_stacks(StackName="CDKToolkit")["Stacks"]
    assert stack["StackStatus"] == "CREATE_COMPLETE"


def test_what_runs_is_not_taken_for_what_was_asked_for(aws: RunningAws, directory: Path, tmp_path: Path) -> None:
    answer = bedrock_local("deploy", "--dir", str(directory), "--model", "smollm2", folder=tmp_path)
    assert answer.returncode == 2
    assert "--model is smollm2" in answer.stderr
    assert f"bedrock-local down --dir {directory}" in answer.stderr
    assert aws.answers()


def test_without_the_cdk_cli_its_installation_is_told(tmp_path: Path) -> None:
    bare = {**ENVIRONMENT, "PATH": str(tmp_path)}
    answer = bedrock_local("deploy", "--model", "echo", folder=tmp_path, environment=bare)
    assert answer.returncode == 2
    assert (answer.stdout, "npm install aws-cdk@" in answer.stderr) == ("", True)


def test_where_the_locale_has_ascii_only_the_deployment_speaks_as_well_as_it_can(tmp_path: Path) -> None:
    folder = tmp_path / "größe"
    folder.mkdir()
    app = APP_WITHOUT_JOBS.replace("42", "größe").replace("app.synth()", ASSET_OF_THE_APP)
    (folder / "app.py").write_text(app, encoding="utf-8")
    ascii_only = {**ENVIRONMENT, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    arguments = ["deploy", "--model", "echo", "--app", "python app.py"]
    answer = bedrock_local(*arguments, folder=folder, environment=ascii_only)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "\nPlain.Answer = gr\\xf6\\xdfe\nThe deployment has no batch inference job.\n\n" in answer.stdout


@contextmanager
def hanging_deployment(folder: Path) -> Iterator[tuple[subprocess.Popen[str], set[int]]]:
    """A deployment whose app never ends, and the ids of all its processes."""
    with started(["deploy", "--model", "echo", "--app", f"touch reached; {APP_THAT_HANGS}"], folder) as process:
        assert eventually((folder / "reached").exists)
        time.sleep(0.2)
        yield process, descendants(process.pid)


def test_interrupting_a_deployment_leaves_nothing(tmp_path: Path) -> None:
    with hanging_deployment(tmp_path) as (process, family):
        process.send_signal(signal.SIGINT)
        assert process.wait() == 130
        assert gone(family)


def test_killing_a_deployment_leaves_nothing(tmp_path: Path) -> None:
    with hanging_deployment(tmp_path) as (process, family):
        assert len(family) >= 8  # two tethers, two guards, the server, node, a shell and the app
        process.kill()
        assert gone(family)
