"""`bedrock-batch init`: an app that is ready to be deployed."""

import json
from pathlib import Path

import bedrock_batch
from tests.local_aws.program import bedrock_local
from tests.toolkit_cli.jobs.conftest import World


def test_the_new_app_is_deployed_as_it_is_and_its_stack_names_the_job(world: World, tmp_path: Path) -> None:
    made = world.command("init", "app", "--json", folder=tmp_path)
    assert made.returncode == 0, made.stderr
    app = tmp_path / "app"
    assert json.loads(made.stdout) == [
        f"app/{file}" for file in ("app.py", "cdk.json", "requirements.txt", "README.md", "prompts.jsonl")
    ]
    assert sorted(file.name for file in app.iterdir()) == sorted(Path(name).name for name in json.loads(made.stdout))
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
    assert 'stack "CDKToolkit" has no resource of type Custom::BedrockModelInvocationJob' in bootstrap.stderr


def test_files_that_are_there_stay_as_they_are(world: World, tmp_path: Path) -> None:
    (tmp_path / "cdk.json").write_text("mine")
    answer = world.command("init", folder=tmp_path)
    assert answer.returncode == 2
    assert "has cdk.json already; name another folder" in answer.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["cdk.json"]
    assert (tmp_path / "cdk.json").read_text() == "mine"
