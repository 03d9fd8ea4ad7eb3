"""What a lock names is installed from where pip would take it, or the reason why not is told."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import CHECKOUT, Index, install, installing


@pytest.mark.parametrize(
    "settings",
    [
        lambda index: {"index-url": index.url},
        lambda index: {"index-url": f"{index.url}/none", "extra-index-url": index.url},
        lambda index: {"no-index": "true", "find-links": f"{index.folder}/simple/one {index.folder}/simple/two"},
    ],
    ids=["index-url", "extra-index-url", "find-links"],
)
def test_the_configuration_of_pip_counts(
    settings: Callable[[Index], dict[str, str]], index: Index, tmp_path: Path
) -> None:
    answer = install(tmp_path, index.wheel("one") + index.wheel("two"), settings(index))
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "so pip installs" not in answer.stdout
    assert {each.name for each in (tmp_path / "installed").glob("*.py")} == {"one.py", "two.py"}


def test_pip_does_what_uv_cannot(index: Index, tmp_path: Path) -> None:
    answer = install(tmp_path, index.wheel("one"), {"index-url": index.url, "no-binary": "three"})
    assert answer.stdout.startswith("pip's setting no-binary has no counterpart in uv, so pip installs "), answer.stdout
    assert (tmp_path / "installed" / "one.py").exists()


def test_an_index_that_fails_gets_one_message(tmp_path: Path, index: Index) -> None:
    lock = index.wheel("one")
    answer = install(tmp_path, lock, {"index-url": "http://127.0.0.1:9/simple", "retries": "0"})
    assert answer.returncode == 1
    assert "uv has failed (" in answer.stdout
    assert answer.stderr.count("cannot be installed") == 1
    assert "Traceback" not in answer.stdout + answer.stderr


def test_a_package_that_was_changed_is_not_installed(index: Index, tmp_path: Path) -> None:
    lock = index.wheel("one")
    index.wheel("one", code="print('not what was locked')")
    answer = install(tmp_path, lock, {"index-url": index.url, "retries": "0"})
    assert answer.returncode == 1
    assert "DO NOT MATCH THE HASHES" in answer.stderr
    assert not list(tmp_path.glob("installed/*.py"))


def test_how_much_is_to_be_fetched_is_told_before_and_silence_is_broken(index: Index, tmp_path: Path) -> None:
    command, environment = installing(tmp_path, index.wheel("one", code="#" * 2_000_000), {"index-url": index.url})
    index.slow.clear()
    with subprocess.Popen(command, cwd=CHECKOUT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        told = f"Installing {tmp_path}/requirements-dev.txt: 1 package, 2 MB to download at most\n"
        assert process.stdout.readline() == told
        assert next(line for line in process.stdout if line.startswith("  … "))
        index.slow.set()
        assert "Installed 1 package" in process.stdout.read()
