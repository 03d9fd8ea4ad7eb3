"""`bedrock-local deploy` goes where the app, the user or the environment says: Regions and accounts."""

import json
from pathlib import Path

import pytest

from tests.local_aws.program import ENVIRONMENT, bedrock_local

APP = """
import json, os, sys
import aws_cdk as cdk
from cdk_bedrock_batch import BatchModel, InputData, ModelInvocationJob
app = cdk.App()
body = {"messages": [{"role": "user", "content": [{"text": "What is it?"}]}]}
with open("prompts.jsonl", "w") as file:
    file.writelines(json.dumps({"recordId": f"r{n}", "modelInput": body}) + "\\n" for n in range(100))
for name, account, region, *qualifier in json.loads(os.environ["STACKS"]):
    default = os.environ["CDK_DEFAULT_ACCOUNT"]
    env = cdk.Environment(account=default if account == "default" else account, region=region)
    of_its_own = cdk.DefaultStackSynthesizer(qualifier=qualifier[0]) if qualifier else None
    stack = cdk.Stack(cdk.Stage(app, f"Of{name}"), name, env=env, stack_name=name.lower(), synthesizer=of_its_own)
    ModelInvocationJob(stack, "Job", model=BatchModel.foundation_model("amazon.nova-lite-v1:0"),
                       input_data=InputData.from_file("prompts.jsonl"))
app.synth()
"""
HOME, OTHER = "000000000000", "111122223333"
NAMES = ("AWS_REGION", "AWS_DEFAULT_REGION", "CDK_DEFAULT_REGION", "CDK_DEFAULT_ACCOUNT")
#: Of a user who has none of them.
BARE = {name: value for name, value in ENVIRONMENT.items() if name not in NAMES}


def places(folder: Path) -> set[tuple[str, str]]:
    """Say where the jobs of the deployment are: Region and account."""
    outputs = json.loads((folder / ".bedrock-local" / "outputs.json").read_text())
    arns = (arn for values in outputs.values() for arn in values.values())
    return {tuple(arn.split(":")[3:5]) for arn in arns}


def deployed(folder: Path, stacks: list[list[str | None]], *arguments: str, **environment: str) -> set[tuple[str, str]]:
    (folder / "app.py").write_text(APP)
    given = {**BARE, **environment, "STACKS": json.dumps(stacks)}
    # Without a profile, the model is not in each of the Regions.
    anywhere = ["--batch-model", "amazon.nova-lite-v1:0=*"]
    command = ["deploy", "--model", "echo", *anywhere, "--app", "python app.py", *arguments]
    answer = bedrock_local(*command, folder=folder, environment=given)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert answer.stdout.count("Completed: 100 of 100 records succeeded") == len(stacks)
    return places(folder)


def test_stacks_go_where_they_say_and_each_job_is_seen_through(tmp_path: Path) -> None:
    stacks = [["A", None, None], ["B", OTHER, "eu-west-1"], ["C", "default", "ap-southeast-2", "ours"]]
    found = deployed(tmp_path, stacks, "--", "Of*/*")
    assert found == {("us-east-1", HOME), ("eu-west-1", OTHER), ("ap-southeast-2", HOME)}
    assert len(list((tmp_path / ".bedrock-local" / "results").iterdir())) == 3


def test_the_option_counts_before_the_environment(tmp_path: Path) -> None:
    stacks = [["Plain", None, None]]
    assert deployed(tmp_path, stacks, "--region", "eu-north-1", "--", "Of*/*", AWS_REGION="us-west-2") == {
        ("eu-north-1", HOME)
    }


def test_the_environment_says_region_and_account(tmp_path: Path) -> None:
    stacks = [["Plain", "default", None]]
    given = {"AWS_DEFAULT_REGION": "eu-central-1", "CDK_DEFAULT_ACCOUNT": OTHER}
    assert deployed(tmp_path, stacks, "--", "Of*/*", **given) == {("eu-central-1", OTHER)}


@pytest.mark.parametrize(
    ("arguments", "environment", "words"),
    [
        (["--region", "us-east1"], {}, "--region must be the name of a Region like eu-west-1, got 'us-east1'"),
        ([], {"AWS_REGION": "here"}, "AWS_REGION must be the name of a Region like eu-west-1, got 'here'"),
        (["--region", "cn-north-1"], {}, "--region is cn-north-1, which is of another partition than aws"),
        ([], {"CDK_DEFAULT_ACCOUNT": "1"}, "CDK_DEFAULT_ACCOUNT must be the twelve digits of an account, got '1'"),
    ],
)
@pytest.mark.parametrize("command", ["deploy", "up"])
def test_what_is_no_region_and_no_account_is_refused_before_anything_starts(
    tmp_path: Path, command: str, arguments: list[str], environment: dict[str, str], words: str
) -> None:
    answer = bedrock_local(command, *arguments, folder=tmp_path, environment={**BARE, **environment})
    assert answer.returncode == 2
    assert words in answer.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_shell_that_follows_the_instructions_works_in_the_same_region(tmp_path: Path) -> None:
    up = bedrock_local("up", "--detach", "--model", "echo", "--region", "eu-west-2", folder=tmp_path, environment=BARE)
    assert "export AWS_REGION=eu-west-2\n" in up.stdout
    (line,) = (line for line in up.stdout.splitlines() if "eval" in line)
    arguments = line.partition("$(")[2].rstrip(')"').split()[1:]
    assert "export AWS_REGION=eu-west-2\n" in bedrock_local(*arguments, folder=tmp_path, environment=BARE).stdout
    assert bedrock_local("down", folder=tmp_path).returncode == 0
