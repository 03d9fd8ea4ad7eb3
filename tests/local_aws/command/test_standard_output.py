"""Every command of `bedrock-local` ends well when its output is closed, full, or read by nobody."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bedrock_local.local_aws import LocalAws
from tests.broken_streams import BROKEN, assert_ends_well, subcommands
from tests.local_aws.program import COMMAND, ENVIRONMENT

# Of each command, so that it prints something; a command that is not here fails.
ARGUMENTS = {
    "up": ["--model=echo"],
    "deploy": ["--model=echo", "--app=false"],
    "env": ["--dir={running}"],
    "console": ["--dir={running}"],
    "down": [],
}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    directory = tmp_path_factory.mktemp("aws")
    with LocalAws(model="echo", directory=directory):
        yield directory


@pytest.mark.parametrize("broken", BROKEN)
@pytest.mark.parametrize("command", subcommands(*COMMAND))
def test_a_command_says_what_it_cannot_print(running: Path, command: str, broken: str, tmp_path: Path) -> None:
    words = [word.format(running=running) for word in ARGUMENTS[command]]
    line = [*COMMAND, command, *words]
    assert_ends_well("bedrock-local", line, broken, folder=tmp_path, environment=ENVIRONMENT)


@pytest.mark.parametrize("broken", BROKEN)
@pytest.mark.parametrize("words", [["--help"], ["--version"], *([name, "--help"] for name in subcommands(*COMMAND))])
def test_so_do_its_help_and_its_version(words: list[str], broken: str, tmp_path: Path) -> None:
    assert_ends_well("bedrock-local", [*COMMAND, *words], broken, folder=tmp_path, environment=ENVIRONMENT)


def test_a_deployment_ends_quietly_when_its_reader_goes(running: Path, tmp_path: Path) -> None:
    line = [*COMMAND, "deploy", f"--dir={running}", "--app=false"]
    with subprocess.Popen(
        line, cwd=tmp_path, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stderr
        assert process.stdout.readline().startswith("using the local AWS that runs in ")
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 141
