"""The Makefile finds a Python, or says what to install."""

import os
import shutil
import subprocess
from pathlib import Path

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
    shutil.copy(CHECKOUT / "Makefile", folder)
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
    answer = make(".venv/bin/pip", tmp_path, python3=OLD)
    assert answer.returncode != 0
    assert "There is no Python 3.11 or newer with its venv module on PATH (python3 is Python 3.9.2)" in answer.stderr
    assert "apt-get install python3-venv" in answer.stderr
    assert not (tmp_path / ".venv").exists()


def test_a_newer_python_beside_an_old_python3_is_used(tmp_path: Path) -> None:
    answer = make(".venv/bin/pip", tmp_path, python3=OLD, python3_12=NEW)
    assert answer.returncode == 0, answer.stderr
    assert (tmp_path / ".venv" / "bin" / "python").read_text() == NEW


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


def test_a_model_that_cannot_run_here_is_done_without(tmp_path: Path) -> None:
    """Its packages may be installed where a library of the system is missing that they load."""
    for name in ("requirements-pip.txt", "requirements-dev.txt", "requirements-model.txt", "pyproject.toml"):
        (tmp_path / name).touch()
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    for name, script in (("pip", "#!/bin/sh\n"), ("python", "#!/bin/sh\necho no libgomp >&2; exit 1\n")):
        (tmp_path / ".venv" / "bin" / name).write_text(script)
        (tmp_path / ".venv" / "bin" / name).chmod(0o755)
    (tmp_path / ".venv" / ".tools").touch()
    answer = make("model", tmp_path)
    assert answer.returncode == 0, answer.stderr
    assert "going on with MODEL=echo" in answer.stdout
    assert "no libgomp" in (tmp_path / ".venv" / "model-packages.log").read_text()
    assert not (tmp_path / ".venv" / ".model-packages").exists()
