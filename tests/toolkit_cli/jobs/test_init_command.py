"""`bedrock-batch init`: an app that is ready to be deployed."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import bedrock_batch
from tests.local_aws.program import bedrock_local
from tests.toolkit_cli.jobs.conftest import World


def test_the_new_app_is_deployed_as_it_is_and_its_stack_names_the_job(world: World, tmp_path: Path) -> None:
    made = world.command("init", "app", "--json", folder=tmp_path)
    assert made.returncode == 0, made.stderr
    app = tmp_path / "app"
    assert json.loads(made.stdout) == [
        f"app/{file}"
        for file in (
            "app.py",
            "cdk.json",
            "README.md",
            ".gitignore",
            "tests/test_app.py",
            "requirements.txt",
            "requirements-dev.txt",
            "prompts.jsonl",
        )
    ]
    written = [str(file.relative_to(tmp_path)) for file in app.rglob("*") if file.is_file()]
    assert sorted(written) == sorted(json.loads(made.stdout))
    assert bedrock_batch.check(app / "prompts.jsonl").ok
    deployed = bedrock_local("deploy", "--dir", str(world.directory), folder=app)
    assert deployed.returncode == 0, deployed.stdout + deployed.stderr
    assert "100 of 100 records succeeded" in deployed.stdout
    (job,) = json.loads(world.command("list", "--stack", "BatchInference", "--json", folder=tmp_path).stdout)
    assert job["jobArn"] in deployed.stdout
    assert world.command("watch", "--stack", "BatchInference", "Job", folder=tmp_path).returncode == 0
    other = world.command("status", "--stack", "BatchInference", "Other", folder=tmp_path)
    assert other.returncode == 2
    assert 'the stack has no job whose logical id starts with "Other"; name one of Job' in other.stderr
    bootstrap = world.command("status", "--stack", "CDKToolkit", folder=tmp_path)
    assert 'stack "CDKToolkit" has no job; name another stack' in bootstrap.stderr


def synthesized(app: Path) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, "CDK_OUTDIR": str(app / "cdk.out"), "PATH": path}
    return subprocess.run(
        [sys.executable, "app.py"], cwd=app, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("records", "app", "message"),
    [
        (
            lambda text: text.replace("question-002", "question-001"),
            str,
            "prompts.jsonl:2: 'recordId' \"question-001\"",
        ),
        (lambda _: "", str, "prompts.jsonl: is empty"),
        (str, lambda text: text.replace("prompts.jsonl", "none.jsonl"), "none.jsonl: there is no such file"),
        (
            str,
            lambda text: text.replace('amazon.nova-lite-v1:0"', 'us.amazon.nova-lite-v1:0"'),
            "is an inference profile",
        ),
        (
            str,
            lambda text: text.replace("(scope, id)", '(scope, id, env={"region": "us-east1"})'),
            "'region'",
        ),
        (str, lambda text: text.replace("prompts.jsonl", "s3://bucket/in.jsonl"), "use InputData.from_uri"),
        (str, lambda text: text.replace('"BatchInference")', '"Batch inference")'), "Stack name must match"),
    ],
    ids=["same id", "empty", "no file", "profile", "region", "S3", "stack name"],
)
def test_what_the_new_app_refuses_is_one_sentence(
    world: World, tmp_path: Path, records: Callable[[str], str], app: Callable[[str], str], message: str
) -> None:
    world.command("init", "app", folder=tmp_path)
    for name, change in (("prompts.jsonl", records), ("app.py", app)):
        path = tmp_path / "app" / name
        path.write_text(change(path.read_text()))
    refused = synthesized(tmp_path / "app")
    assert refused.returncode == 1
    assert refused.stderr.startswith("app.py: ")
    assert len(refused.stderr.splitlines()) == 1, refused.stderr
    assert message in refused.stderr


def test_files_that_are_there_stay_as_they_are(world: World, tmp_path: Path) -> None:
    (tmp_path / "cdk.json").write_text("mine")
    answer = world.command("init", folder=tmp_path)
    assert answer.returncode == 2
    assert "has cdk.json already; name another folder" in answer.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["cdk.json"]
    assert (tmp_path / "cdk.json").read_text() == "mine"
