"""The examples in each command's help are ones that it understands."""

import argparse
import importlib
import shlex

import pytest

COMMANDS = ("list", "status", "watch", "stop", "results", "retry", "report", "init")


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
