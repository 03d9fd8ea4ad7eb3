"""What the documents say that a user must be allowed is enough, and one that is missing is named."""

import json
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.toolkit_cli.runs.conftest import World

Done = subprocess.CompletedProcess[str]
RESULTS = Path(__file__).parents[3] / "docs" / "results.md"
SECTION = RESULTS.read_text(encoding="utf-8").partition("## A pipeline's run")[2].partition("\n## ")[0]
ACTIONS = re.findall(r"`((?:states|lambda|bedrock):\w+)`", SECTION)
AS_FOR_JOBS = ["s3:GetObject", "s3:ListBucket"]


def user(world: World, name: str, actions: Iterable[str]) -> dict[str, str]:
    """Make a user who may do some things; return what it has in its environment."""
    iam = world.aws.client("iam")
    iam.create_user(UserName=name)
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_user_policy(UserName=name, PolicyName="some", PolicyDocument=document)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}


def test_what_the_documents_name_is_enough(world: World, monday: Done, tmp_path: Path) -> None:
    assert monday.returncode == 0, monday.stderr
    own = user(world, "enough", [*ACTIONS, *AS_FOR_JOBS])
    run = ("--run", f"{world.name}/monday")
    for command in ("status", "watch", "stop", "results", "report"):
        answer = world.command(command, *run, "--json", folder=tmp_path, **own)
        assert answer.returncode == 0, (command, answer.stderr)
    # It may begin a run, and is told that this one is there already.
    assert "has had a run" in world.command("run", world.name, "--name", "monday", folder=tmp_path, **own).stderr
    assert "the newest are" in world.command("status", "--run", f"{world.name}/no", folder=tmp_path, **own).stderr


@pytest.mark.parametrize(
    "missing", ["states:DescribeExecution", "lambda:GetFunctionConfiguration", "states:ListMapRuns"]
)
def test_one_that_is_missing_is_named(world: World, monday: Done, tmp_path: Path, missing: str) -> None:
    assert monday.returncode == 0, monday.stderr
    own = user(world, missing.replace(":", "-"), {*ACTIONS, *AS_FOR_JOBS} - {missing})
    answer = world.command("status", "--run", f"{world.name}/monday", folder=tmp_path, **own)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert re.fullmatch(rf"bedrock-batch: [^\n]+ is not authorized to perform: {missing} [^\n]+\n", answer.stderr)
