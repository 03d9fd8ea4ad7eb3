"""`bedrock-local deploy` says that results cannot be replaced before it deploys anything, and keeps what is not its."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bedrock_local.local_aws import LocalAws
from bedrock_local.running import RunningAws
from tests.local_aws.program import COMMAND, ENVIRONMENT

APP = "touch synthesized; exit 1"
# Root removes everything, unless it gives up the capability to.
AS_ANYBODY = ["setpriv", "--bounding-set=-dac_override"] if os.geteuid() == 0 else []


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("aws")


@pytest.fixture(scope="module")
def running(directory: Path) -> Iterator[RunningAws]:
    with LocalAws(model="echo", directory=directory) as aws:
        yield aws


def deploy(directory: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*AS_ANYBODY, *COMMAND, "deploy", "--dir", str(directory), "--app", APP],
        cwd=folder,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def put(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("mine")


def make_of_anothers(results: Path) -> None:
    put(results / "thesis.txt")


def make_below(results: Path) -> None:
    put(results / "abcdefghwxyz" / "in.jsonl.output")


def make_file(results: Path) -> None:
    put(results)


def make_link(results: Path) -> None:
    put(results.with_name("elsewhere") / "in.jsonl.out")
    results.symlink_to("elsewhere")


def make_read_only(results: Path) -> None:
    put(results / "in.jsonl.out")
    results.chmod(0o500)


@pytest.mark.usefixtures("running")
@pytest.mark.parametrize(
    ("make", "why"),
    [
        (make_of_anothers, "it holds thesis.txt"),
        (make_below, "it holds abcdefghwxyz/in.jsonl.output"),
        (make_file, "Not a directory"),
        (make_link, "it is a symbolic link"),
        (make_read_only, "Permission denied"),
    ],
)
def test_what_is_in_the_way_is_told_first_and_kept(
    make: Callable[[Path], None], why: str, directory: Path, tmp_path: Path
) -> None:
    results = directory / "results"
    make(results)
    try:
        answer = deploy(directory, tmp_path)
        kept = results.exists() and (results.is_file() or any(results.iterdir()))
    finally:
        results.chmod(0o700)
        results.rename(tmp_path / "moved-away")
    assert answer.returncode == 2, answer
    assert answer.stderr == (
        f"bedrock-local: {results} has to be replaced by the output of jobs and cannot be: {why}; "
        "move it away, or name another --dir\n"
    )
    assert kept
    assert not (tmp_path / "synthesized").exists()


@pytest.mark.usefixtures("running")
def test_results_of_before_are_gone_when_a_deployment_fails(directory: Path, tmp_path: Path) -> None:
    put(directory / "results" / "abcdefghwxyz" / "in.jsonl.out")
    put(directory / "results" / "manifest.json.out")
    put(directory / "results" / "in.jsonl.out.0aB4c6D8")
    assert deploy(directory, tmp_path).returncode == 1
    assert (tmp_path / "synthesized").exists()
    assert not (directory / "results").exists()
