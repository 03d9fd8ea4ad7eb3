"""What docs/openai-batch.md shows is run, and names what there is."""

import json
from pathlib import Path

import pytest
from aws_cdk import App, Stack
from aws_cdk.assertions import Template

from bedrock_batch.cli.main import parse
from tests.pages import shown

from .lines import converted, line

PAGE = (Path(__file__).parents[4] / "docs" / "openai-batch.md").read_text("utf-8")
CONVERT, CONSTRUCT = shown(PAGE, "python")
COMMANDS = [each for block in shown(PAGE, "sh") for each in block.splitlines()]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("batch.jsonl").write_text("".join(json.dumps(line(f"r{number}")) + "\n" for number in range(100)))


def test_the_function_converts(capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(CONVERT, "openai-batch.md", "exec"), {})  # noqa: S102 (the sample is ours)
    assert capsys.readouterr().out.splitlines()[-1] == "100 records for Amazon Nova"
    assert len(Path("prompts.jsonl").read_text().splitlines()) == 100


def test_the_construct_synthesizes() -> None:
    stack = Stack(App(), "Stack")
    exec(compile(CONSTRUCT, "openai-batch.md", "exec"), {"self": stack})  # noqa: S102 (the sample is ours)
    assert len(Template.from_stack(stack).find_resources("Custom::BedrockModelInvocationJob")) == 1


def test_the_commands_are_there() -> None:
    assert len(COMMANDS) == 4
    for command in COMMANDS:
        words = command.partition(" | ")[0].split()
        assert words[0] == "bedrock-batch"
        assert parse(words[1:]).command == words[1]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"seed": 1}, "seed: left out, as Anthropic Claude has nothing like it (1 record, first "),
        ({"temperature": 2}, "temperature above 1: written as 1, the most that the model takes (1 record, first "),
    ],
)
def test_it_is_told_in_the_words_that_the_page_shows(tmp_path: Path, body: dict[str, int], told: str) -> None:
    assert any(each.startswith(told) for each in converted(tmp_path, line(**body)).report.remarks())
    assert told.partition(" (")[0] in PAGE
