"""docs/doctor.md: what it says is asked is what is asked, and its samples run."""

import re
from pathlib import Path

import pytest

from bedrock_batch.cli.main import parse
from tests.diagnosis.world import World
from tests.pages import shown

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "doctor.md").read_text(encoding="utf-8")
_PERMISSION = r"[a-z0-9-]+:(?:Get|List|Describe|Simulate)\w+"
_OF_STACKS = re.compile(r'cloudformation\.(?:get_paginator\(")?((?:describe|list)_\w+)')


def test_the_page_names_every_permission_that_is_asked_with() -> None:
    code = code_of("diagnosis")
    asked = set(re.findall(rf'"({_PERMISSION})"', code))
    asked |= {f"ec2:{operation}" for operation in re.findall(r'self\._ask\("(\w+)"', code)}
    asked |= {
        f"cloudformation:{operation.title().replace('_', '')}" for operation in _OF_STACKS.findall(code_of("jobs"))
    }
    assert asked == set(re.findall(rf"`({_PERMISSION})`", PAGE))


def code_of(room: str) -> str:
    files = (ROOT / "toolkit" / "bedrock_batch" / room).rglob("*.py")
    return "".join(file.read_text(encoding="utf-8") for file in files)


def test_its_python_runs(world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    key, secret = world.aws.root()
    values = {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret, "AWS_ENDPOINT_URL": world.aws.url}
    for name, value in {**values, "AWS_DEFAULT_REGION": "us-east-1"}.items():
        monkeypatch.setenv(name, value)
    (code,) = shown(PAGE, "python")
    exec(compile(code.replace("abcdefghwxyz", world.run(world.role()).arn), "doctor.md", "exec"), {})  # noqa: S102 (ours)
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) > 25
    assert {line.split()[0] for line in printed} == {"right"}


def test_its_commands_are_understood() -> None:
    shown = re.findall(r"^(?:cdk synth && )?bedrock-batch (doctor .*)$", PAGE, re.MULTILINE)
    assert len(shown) == 2
    assert all(parse(line.split()).run for line in shown)
