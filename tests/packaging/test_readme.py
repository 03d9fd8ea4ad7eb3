"""What the README shows is run, or at least understood by the program that it is for."""

import json
import re
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from aws_cdk import App, Stack
from aws_cdk.assertions import Template

import bedrock_batch
from bedrock_batch.cli.main import parse as parse_batch
from bedrock_local.command.arguments import parse
from tests.pages import shown

REPOSITORY = Path(__file__).parents[2]
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def blocks(language: str) -> list[str]:
    found = [text for name, text in BLOCKS if name == language]
    assert found, f"the README has no {language} block"
    return found


def commands(program: str) -> list[str]:
    lines = [line for text in blocks("sh") for line in text.splitlines()]
    found = [line for line in lines if shlex.split(line, comments=True)[:1] == [program]]
    assert found, f"the README has no {program} command"
    return found


@pytest.mark.parametrize("code", blocks("python"))
def test_python_samples_synthesize(
    code: str, record_file: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = record_file().parent
    (folder / "articles").mkdir()
    monkeypatch.chdir(folder)
    stack = Stack(App(), "Stack")
    # A relative path is one of the CDK's own process, which began in another folder.
    code = code.replace('asset("articles")', f'asset("{folder}/articles")')
    exec(compile(code, "README.md", "exec"), {"self": stack})  # noqa: S102 (the sample is ours)
    Template.from_stack(stack).resource_count_is("Custom::BedrockModelInvocationJob", 1)


@pytest.mark.parametrize("record", blocks("json"))
def test_the_record_is_one_that_the_check_takes(record: str, tmp_path: Path) -> None:
    lines = [json.dumps({**json.loads(record), "recordId": str(n)}) for n in range(100)]
    path = tmp_path / "prompts.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert bedrock_batch.check(path).ok


@pytest.mark.parametrize("command", commands("make"))
def test_make_commands_name_targets(command: str) -> None:
    words = shlex.split(command, comments=True)
    done = subprocess.run([*words, "--dry-run"], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("command", commands("bedrock-local"))
def test_bedrock_local_commands_parse(command: str) -> None:
    assert parse(shlex.split(command, comments=True)[1:]).command


@pytest.mark.parametrize("command", commands("bedrock-batch"))
def test_bedrock_batch_commands_parse(command: str) -> None:
    assert parse_batch(shlex.split(command, comments=True)[1:]).command


def test_files_that_are_linked_exist() -> None:
    links = re.findall(r"\]\(([^):#]+)\)", README)
    assert links
    assert not [link for link in links if not (REPOSITORY / link).exists()]


@pytest.mark.parametrize("command", [line for line in commands("python") if ".py" in line])
def test_scripts_that_are_named_exist(command: str) -> None:
    assert (REPOSITORY / shlex.split(command)[1]).is_file()


def test_the_toolkits_own_page_shows_commands_that_parse_and_a_check_that_runs(
    record_file: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (REPOSITORY / "toolkit" / "README.md").read_text(encoding="utf-8")
    lines = [shlex.split(line, comments=True) for line in text.splitlines() if line.startswith("bedrock-batch ")]
    told = [words[1:] for words in lines if words[1:] != ["--help"]]
    assert [parse_batch(words).command for words in told] == ["check", "split", "watch", "results"]
    (code,) = shown(text, "python")
    monkeypatch.chdir(record_file().parent)
    names: dict[str, bedrock_batch.CheckReport] = {}
    exec(compile(code, "toolkit/README.md", "exec"), names)  # noqa: S102 (the sample is ours)
    assert names["report"].ok
