"""What docs/local-bedrock.md shows is run, and what it lists is what there is."""

import json
import re
import shlex
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from bedrock_local.bedrock.faults.fault_format import parse as parse_fault
from bedrock_local.bedrock.jobs.behaviours import Behaviours
from bedrock_local.bedrock.jobs.quotas import NAMES
from bedrock_local.command.arguments import parse
from bedrock_local.faults import Faults
from tests.local_aws.program import CHECKOUT, ENVIRONMENT

PAGE = (CHECKOUT / "docs" / "local-bedrock.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
BLOCK, TEST, APP = [text for name, text in BLOCKS if name == "python"]
COMMANDS = [
    line for name, text in BLOCKS if name == "sh" for line in text.splitlines() if line.startswith("bedrock-local")
]


def python(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=False
    )


def test_the_context_manager_runs(tmp_path: Path) -> None:
    (tmp_path / "sample.py").write_text(BLOCK)
    answer = python("sample.py", folder=tmp_path)
    assert answer.stderr == ""
    assert re.match(r"http://127\.0\.0\.1:\d+ .*'Name': 'prompts'", answer.stdout)


def test_the_fixture_tests_the_stack(tmp_path: Path) -> None:
    (tmp_path / "my_app.py").write_text(APP)
    (tmp_path / "test_sample.py").write_text(TEST)
    answer = python("-m", "pytest", "-q", "-p", "no:cacheprovider", folder=tmp_path)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "1 passed" in answer.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_parse(command: str) -> None:
    assert parse(shlex.split(command, comments=True)[1:]).command


def section(title: str) -> str:
    return PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def test_every_quota_behaviour_and_fault_is_listed() -> None:
    assert [name for name in NAMES if f"`{name}`" not in section("Quotas")] == []
    assert [each.name for each in fields(Behaviours) if f"| `{each.name}`" not in section("Behaviours")] == []
    for field in fields(Behaviours):
        if isinstance(field.default, str):
            assert re.search(rf"^\| `{field.name}`.*? \| `{field.default}` \|", section("Behaviours"), re.MULTILINE)
    faults = section("Faults on demand")
    methods = set(vars(Faults)) - {"port", "all", "clear", "call"}
    assert [name for name in methods if not name.startswith("_") and f"| `{name}(" not in faults] == []


def test_the_json_of_every_fault_is_one() -> None:
    shown = re.findall(r"`(\{\"kind\".*?\})`", section("Faults on demand"))
    assert len(shown) == 7
    for each in shown:
        assert parse_fault(json.loads(each))


def test_links_within_the_page_and_to_files_lead_somewhere() -> None:
    titles = {
        re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")
        for title in re.findall(r"^#+ (.*)$", PAGE, re.MULTILINE)
    }
    assert {link for link in re.findall(r"\]\(#([^)]+)\)", PAGE) if link not in titles} == set()
