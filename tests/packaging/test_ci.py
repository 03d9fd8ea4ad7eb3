"""`.ci/run` in a small checkout of its own."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.local_aws.processes import descendants, eventually, gone

from .conftest import ROOT

MAKEFILE = f"""
lint:
	@echo linting
	@test ! -e lint-fails

test:
	@{sys.executable} -m pytest -q -p no:cacheprovider tests
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / ".ci").mkdir()
    (tmp_path / "tests").mkdir()
    shutil.copy(ROOT / ".ci" / "run", tmp_path / ".ci" / "run")
    (tmp_path / "Makefile").write_text(MAKEFILE)
    return tmp_path


def ci(checkout: Path) -> subprocess.CompletedProcess[str]:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "MAKE", "MFLAGS"))
    }
    # From another folder, and with an input that stays open.
    reader, writer = os.pipe()
    try:
        return subprocess.run(
            [checkout / ".ci" / "run"],
            cwd="/",
            stdin=reader,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    finally:
        os.close(reader)
        os.close(writer)


def test_it_succeeds_when_lint_and_tests_do(checkout: Path) -> None:
    (checkout / "tests" / "test_it.py").write_text("import sys\ndef test_it(): assert sys.__stdin__.read() == ''\n")
    result = ci(checkout)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "linting\n" in result.stdout
    assert "1 passed" in result.stdout
    assert result.stdout.endswith("== all well\n")


def test_it_fails_when_a_test_fails(checkout: Path) -> None:
    (checkout / "tests" / "test_it.py").write_text("def test_it(): assert False\n")
    assert ci(checkout).returncode != 0


def test_it_fails_when_no_test_runs(checkout: Path) -> None:
    assert ci(checkout).returncode != 0


def test_it_fails_when_lint_fails_and_still_runs_the_tests(checkout: Path) -> None:
    (checkout / "lint-fails").touch()
    (checkout / "tests" / "test_it.py").write_text("def test_it(): pass\n")
    result = ci(checkout)
    assert result.returncode != 0
    assert "1 passed" in result.stdout
    assert result.stdout.endswith("== failed\n")


@pytest.mark.parametrize("target", ["lint", "test"])
@pytest.mark.parametrize(("signum", "code"), [(signal.SIGTERM, 143), (signal.SIGKILL, -signal.SIGKILL)])
def test_whoever_stops_it_stops_what_it_runs(signum: signal.Signals, code: int, target: str, checkout: Path) -> None:
    (checkout / "Makefile").write_text(f"lint test:\n\t@true\n{target}: hang\nhang:\n\t@touch reached\n\t@sleep 300\n")
    with subprocess.Popen([checkout / ".ci" / "run"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        assert eventually((checkout / "reached").exists)
        family = descendants(running.pid)
        running.send_signal(signum)
        assert gone(family)
        assert running.wait() == code


def test_it_fails_without_a_makefile(checkout: Path) -> None:
    (checkout / "Makefile").unlink()
    assert ci(checkout).returncode != 0
