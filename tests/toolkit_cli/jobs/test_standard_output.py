"""Every command of `bedrock-batch` ends well when its output is closed, full, or read by nobody."""

import json
import sys
from pathlib import Path

import pytest

from tests.broken_streams import BROKEN, assert_ends_well, subcommands
from tests.local_aws.conftest import records
from tests.toolkit_cli.jobs.conftest import World

COMMAND = [sys.executable, "-m", "bedrock_batch.cli"]
# Of each command, so that it prints something; a command that is not here fails. There is no pipeline to run: see
# tests/toolkit_cli/runs.
ARGUMENTS = {
    "check": ["in.jsonl"],
    "split": ["in.jsonl", "--to", "parts"],
    "convert": ["in.jsonl", "--model", "amazon.nova-lite-v1:0", "--output", "out.jsonl"],
    "prepare": ["in.csv", "--template", "ask.txt", "--model", "amazon.nova-lite-v1:0", "--output", "out.jsonl"],
    "plan": ["app"],
    "doctor": ["good-job"],
    "list": [],
    "models": [],
    "status": ["good-job"],
    "watch": ["good-job"],
    "stop": ["good-job"],
    "results": ["good-job"],
    "retry": ["failed-job"],
    "report": ["good-job"],
    "init": ["app"],
    "completion": ["bash"],
}
#: A cloud assembly of one stack, without a job.
APP: dict[str, object] = {
    "manifest.json": {
        "artifacts": {
            "Stack": {
                "type": "aws:cloudformation:stack",
                "environment": "aws://000000000000/us-east-1",
                "properties": {"templateFile": "stack.json"},
            }
        }
    },
    "stack.json": {"Resources": {}},
}


@pytest.mark.usefixtures("done", "failed")
@pytest.mark.parametrize("broken", BROKEN)
@pytest.mark.parametrize("option", ["", "--json"])
@pytest.mark.parametrize("command", [each for each in subcommands(*COMMAND) if each != "run"])
def test_a_command_says_what_it_cannot_print(
    world: World, command: str, option: str, broken: str, tmp_path: Path
) -> None:
    (tmp_path / "in.jsonl").write_bytes(records(100))
    (tmp_path / "in.csv").write_text("text\nhello\n")
    (tmp_path / "ask.txt").write_text("Say {text}")
    (tmp_path / "app").mkdir()
    for name, content in APP.items():
        (tmp_path / "app" / name).write_text(json.dumps(content))
    words = [*COMMAND, command, *ARGUMENTS[command], *option.split()]
    assert_ends_well("bedrock-batch", words, broken, folder=tmp_path, environment=world.environment)


@pytest.mark.parametrize("broken", BROKEN)
@pytest.mark.parametrize("command", ["", *subcommands(*COMMAND)])
def test_so_does_its_help(command: str, broken: str, tmp_path: Path) -> None:
    assert_ends_well("bedrock-batch", [*COMMAND, *command.split(), "--help"], broken, folder=tmp_path)
