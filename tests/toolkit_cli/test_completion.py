"""A shell completes the commands, their options and their files."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from bedrock_batch.cli import COMMANDS

from .in_process import answer_of


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The script for bash, in a folder with two files and a folder."""
    folder = tmp_path_factory.mktemp("completion")
    with pytest.MonkeyPatch.context() as patch:
        (folder / "script").write_bytes(answer_of(patch, "completion", "bash").out)
    (folder / "prompts.jsonl").touch()
    (folder / "prompts of old").mkdir()
    return folder / "script"


def completed(script: Path, *words: str) -> set[str]:
    """What bash offers for the last of some words."""
    program = """
        source ./script
        read -ra rule <<<"$(complete -p bedrock-batch)"
        COMP_WORDS=(bedrock-batch "$@") COMP_CWORD=$#
        while [[ ${rule[0]} != -F ]]; do rule=("${rule[@]:1}"); done
        "${rule[1]}" bedrock-batch "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
        printf '%s\\n' "${COMPREPLY[@]}"
    """
    run = subprocess.run(
        ["bash", "-c", program, "bash", *words], cwd=script.parent, capture_output=True, text=True, check=True
    )
    return {line.strip() for line in run.stdout.splitlines() if line}


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["re"], {"results", "retry", "report"}),
        (["results", "--spr"], {"--spreadsheet-safe"}),
        (["results", "--format", ""], {"jsonl", "csv", "parquet", "openai"}),
        (["completion", "z"], {"zsh"}),
        (["check", "pro"], {"prompts.jsonl", "prompts of old"}),
        (["results", "--output-dir", "pro"], {"prompts of old"}),
    ],
)
def test_bash_offers(script: Path, words: list[str], offered: set[str]) -> None:
    assert completed(script, *words) == offered


def test_every_command_is_offered(script: Path) -> None:
    assert completed(script, "") >= set(COMMANDS)


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_another_shell_has_one_too(monkeypatch: pytest.MonkeyPatch, shell: str) -> None:
    script = answer_of(monkeypatch, "completion", shell).out.decode()
    assert all(command in script for command in COMMANDS)
    told = json.loads(answer_of(monkeypatch, "completion", shell, "--json").out)
    assert told.splitlines() == script.splitlines()
    if program := shutil.which(shell):
        assert subprocess.run([program, "-n"], input=script, text=True, check=False).returncode == 0
