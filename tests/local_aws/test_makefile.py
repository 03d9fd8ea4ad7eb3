"""The Makefile finds a Python, or says what to install."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
OLD = """#!/bin/sh
[ "$1" = --version ] && echo "Python 3.9.2"
exit 1
"""
NEW = """#!/bin/sh
[ "$1" = -c ] && exit 0
/bin/mkdir -p .venv/bin && /bin/cp "$0" .venv/bin/python
"""


def make(target: str, folder: Path, **programs: str) -> subprocess.CompletedProcess[str]:
    """Make a target in a copy of the Makefile, where these programs are all there is."""
    make_program = shutil.which("make")
    assert make_program, "there is no make on PATH: apt-get install make"
    for name in ("Makefile", "local/bedrock_local/tether.py"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(CHECKOUT / name, folder / name)
    (folder / "bin").mkdir()
    for name, script in programs.items():
        program = folder / "bin" / name.replace("_", ".")
        program.write_text(script)
        program.chmod(0o755)
    environment = {"PATH": str(folder / "bin")}
    return subprocess.run(
        [make_program, target], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_without_a_new_enough_python_it_says_what_to_install(tmp_path: Path) -> None:
    answer = make(".venv/bin/activate", tmp_path, python3=OLD)
    assert answer.returncode != 0
    assert "There is no Python 3.11 or newer with its venv module on PATH (python3 is Python 3.9.2)" in answer.stderr
    assert "apt-get install python3-venv" in answer.stderr
    assert not (tmp_path / ".venv").exists()


def test_a_newer_python_beside_an_old_python3_is_used(tmp_path: Path) -> None:
    answer = make(".venv/bin/activate", tmp_path, python3=OLD, python3_12=NEW)
    assert answer.returncode == 0, answer.stderr
    assert (tmp_path / ".venv" / "bin" / "python").read_text() == NEW


@pytest.mark.parametrize("there", [False, True])
def test_the_example_is_deployed_and_its_results_are_shown(tmp_path: Path, there: bool) -> None:  # noqa: FBT001 - a case
    for name in ("Makefile", "app.py", "cdk.json", "local/bedrock_local/tether.py", "examples/stdlib_modules.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(CHECKOUT / name, tmp_path / name)
    for name in (".venv", "node_modules"):
        (tmp_path / name).symlink_to(CHECKOUT / name)
    local = tmp_path / "build" / "local"
    if there:
        (local / "input").mkdir(parents=True)
    command = ["make", "-o", ".venv/.local", "-o", "node_modules/.package-lock.json", "deploy-local", "MODEL=echo"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, umask=0o022)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "BedrockBatchExample.SummariesJobArn" in done.stdout
    assert list((local / "results").rglob("*.jsonl.out"))
    assert f"{local.stat().st_mode & 0o777:o}" == "700"


def test_recipes_have_the_node_of_the_virtual_environment(tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_text(f"include {CHECKOUT / 'Makefile'}\nwhich: ; @command -v node\n")
    answer = subprocess.run(
        ["make", "--file", tmp_path / "Makefile", "which"],
        cwd=CHECKOUT,
        env={"PATH": os.defpath},
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout == f"{CHECKOUT / '.venv' / 'bin' / 'node'}\n"


def test_python_keeps_what_it_compiles_whatever_the_shell_says(tmp_path: Path) -> None:
    """Each of the thousand processes that the tests start would compile all it loads."""
    (tmp_path / "Makefile").write_text(f"include {CHECKOUT / 'Makefile'}\nshown: ; @env\n")
    answer = subprocess.run(
        ["make", "--file", tmp_path / "Makefile", "shown"],
        cwd=CHECKOUT,
        env={"PATH": os.defpath, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "PATH=" in answer.stdout
    assert "PYTHONDONTWRITEBYTECODE" not in answer.stdout


def test_a_model_that_cannot_run_here_is_done_without(tmp_path: Path) -> None:
    """Its packages may be installed where a library of the system is missing that they load."""
    (tmp_path / "toolkit").mkdir()
    for name in ("requirements-uv.txt", "requirements-local.txt", "requirements-model.txt", "pyproject.toml"):
        (tmp_path / name).touch()
    (tmp_path / "toolkit" / "pyproject.toml").touch()
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    # What make runs its recipes by, and what cannot load the model.
    asked = f'case "$1" in -IS) exec {sys.executable} "$@" ;; -m) exit 0 ;; esac'
    python = f"#!/bin/sh\n{asked}\necho no libgomp >&2; exit 1\n"
    (tmp_path / ".venv" / "bin" / "python").write_text(python)
    (tmp_path / ".venv" / "bin" / "python").chmod(0o755)
    for name in ("bin/activate", ".local"):
        (tmp_path / ".venv" / name).touch()
    answer = make("model", tmp_path)
    assert answer.returncode == 0, answer.stderr
    assert "going on with MODEL=echo" in answer.stdout
    assert "no libgomp" in (tmp_path / ".venv" / "model-packages.log").read_text()
    assert not (tmp_path / ".venv" / ".model-packages").exists()
