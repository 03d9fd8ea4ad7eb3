"""The help comes at once, and the examples in each command's are ones that it understands."""

import argparse
import importlib
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from bedrock_batch.cli.main import COMMANDS

from .command import TOOLKIT, bedrock_batch


def parser_of(command: str) -> argparse.ArgumentParser:
    subparsers = argparse.ArgumentParser().add_subparsers()
    importlib.import_module(f"bedrock_batch.cli.commands.{command}").add_parser(subparsers)
    return subparsers.choices[command]


def examples(command: str) -> list[str]:
    lines = (parser_of(command).epilog or "").splitlines()
    return [line.strip() for line in lines if line.startswith("  bedrock-batch")]


@pytest.mark.parametrize("command", COMMANDS)
def test_examples_parse(command: str) -> None:
    shown = [part for line in examples(command) for part in line.partition("   ")[0].partition(">")[0].split("&&")]
    words = [shlex.split(part) for part in shown]
    own = [rest for program, name, *rest in words if (program, name) == ("bedrock-batch", command)]
    assert own
    for arguments in own:
        assert parser_of(command).parse_args(arguments).run


@pytest.mark.parametrize("command", [[], ["check"], ["split"], ["prepare"], ["results"]])
def test_help_is_quick_for_it_loads_little(command: list[str]) -> None:
    script = (
        "import sys\nfrom bedrock_batch.cli import main\n"
        "try: main([*sys.argv[1:], '--help'])\n"
        "finally: print(*sys.modules, file=sys.stderr)"
    )
    run = subprocess.run(
        [sys.executable, "-c", script, *command],
        env={"PYTHONPATH": str(TOOLKIT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "usage: bedrock-batch" in run.stdout
    loaded = {name.partition(".")[0] for name in run.stderr.split()}
    assert "bedrock_batch" in loaded
    assert loaded.isdisjoint({"boto3", "botocore", "markupsafe", "msgspec", "pyarrow", "rich", "shtab"})


@pytest.mark.parametrize("command", ["check", "split"])
def test_the_examples_of_the_help_are_accepted(command: str, tmp_path: Path) -> None:
    text = bedrock_batch(command, "--help").stdout
    examples = re.findall(r"^  bedrock-batch (.*?)(?: {3,}.*)?$", text, re.MULTILINE)
    assert len(examples) >= 3
    for example in examples:
        words = [word.replace("...", "amazon.nova-lite-v1:0") for word in shlex.split(example)]
        local = [f"{tmp_path}/{word}" if word.endswith(("/", ".jsonl")) and ":" not in word else word for word in words]
        run = bedrock_batch(*local, AWS_ENDPOINT_URL="http://127.0.0.1:9", AWS_MAX_ATTEMPTS="1")
        assert "usage:" not in run.stderr, example
        assert "Traceback" not in run.stderr, example
