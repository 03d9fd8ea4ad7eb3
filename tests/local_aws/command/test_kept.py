"""A local AWS that shall stay lives on once its user has been told of it, and not before."""

import fcntl
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import psutil
import pytest

from bedrock_local.running import find
from tests.local_aws.command.test_deploy import APP_THAT_HANGS
from tests.local_aws.processes import PATIENCE_SECONDS, eventually, gone
from tests.local_aws.program import COMMAND, ENVIRONMENT, bedrock_local

UP = ["up", "--detach", "--model", "echo"]
DEPLOY = ["deploy", "--keep", "--model", "echo"]
SIGNALS = [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL]


def living(directory: Path) -> set[int]:
    """Ids of all that has a directory in its command line: the command, and the server, its guard and its tether."""
    return {each.pid for each in psutil.process_iter(["cmdline"]) if str(directory) in (each.info["cmdline"] or ())}


@contextmanager
def in_a_group(arguments: list[str], directory: Path, stdout: int) -> Iterator[subprocess.Popen[str]]:
    """Run the command as a shell with job control does: in a process group of its own."""
    process = subprocess.Popen(
        [*COMMAND, *arguments, "--dir", str(directory)],
        cwd=directory.parent,
        env=ENVIRONMENT,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        process_group=0,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()
        bedrock_local("down", "--dir", str(directory), folder=directory.parent)


@contextmanager
def full_pipe() -> Iterator[tuple[int, int]]:
    """A pipe that nobody reads and that takes nothing more: who writes to it waits."""
    reader, writer = os.pipe()
    size = fcntl.fcntl(writer, fcntl.F_GETPIPE_SZ)
    os.write(writer, bytes(size))
    yield reader, writer
    os.close(reader)
    os.close(writer)


@pytest.mark.parametrize("signum", SIGNALS)
def test_a_group_that_ends_in_mid_deployment_leaves_nothing(signum: signal.Signals, tmp_path: Path) -> None:
    directory = tmp_path / "local"
    hanging = [*DEPLOY, "--app", f"touch reached; {APP_THAT_HANGS}"]
    with in_a_group(hanging, directory, subprocess.DEVNULL) as process:
        assert eventually((tmp_path / "reached").exists)
        family = living(directory)
        assert len(family) >= 4
        os.killpg(process.pid, signum)
        process.wait(PATIENCE_SECONDS)
        assert gone(family)


@pytest.mark.parametrize("signum", SIGNALS)
def test_a_group_that_ends_before_anything_is_told_leaves_nothing(signum: signal.Signals, tmp_path: Path) -> None:
    directory = tmp_path / "local"
    with full_pipe() as (_, writer), in_a_group(UP, directory, writer) as process:
        assert eventually(lambda: (aws := find(directory)) is not None and aws.answers())
        family = living(directory)
        assert len(family) == 4
        os.killpg(process.pid, signum)
        process.wait(PATIENCE_SECONDS)
        assert gone(family)


@contextmanager
def full() -> Iterator[int]:
    with Path("/dev/full").open("w") as file:
        yield file.fileno()


@contextmanager
def unread() -> Iterator[int]:
    reader, writer = os.pipe()
    os.close(reader)
    yield writer
    os.close(writer)


FULL = "bedrock-local: standard output: No space left on device; send it elsewhere\n"


@pytest.mark.parametrize("command", [UP, DEPLOY])
@pytest.mark.parametrize(("output", "told"), [(full, (2, FULL)), (unread, (141, ""))])
def test_what_cannot_be_told_of_does_not_stay(
    command: list[str], output: Callable[[], AbstractContextManager[int]], told: tuple[int, str], tmp_path: Path
) -> None:
    directory = tmp_path / "local"
    with output() as stdout, in_a_group(command, directory, stdout) as process:
        errors = process.communicate(timeout=PATIENCE_SECONDS)[1]
        assert (process.returncode, errors) == told
        assert not living(directory)


@pytest.mark.parametrize("command", [UP, DEPLOY])
def test_without_an_output_nothing_stays(command: list[str], tmp_path: Path) -> None:
    answer = subprocess.run(
        ["sh", "-c", 'exec "$@" >&-', "sh", *COMMAND, *command, "--dir", str(tmp_path / "local")],
        cwd=tmp_path,
        env=ENVIRONMENT,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        timeout=120,
    )
    assert answer.stderr == "bedrock-local: standard output: Bad file descriptor; send it elsewhere\n"
    assert answer.returncode == 2
    assert not living(tmp_path / "local")


@pytest.mark.parametrize("errors", ["2>&-", "2>/dev/full"])
def test_without_a_place_for_errors_the_exit_code_tells_of_them(errors: str, tmp_path: Path) -> None:
    command = ["sh", "-c", f'exec "$@" {errors}', "sh", *COMMAND, "env"]
    assert subprocess.run(command, cwd=tmp_path, env=ENVIRONMENT, check=False).returncode == 2


def test_what_cannot_be_told_of_at_the_end_of_a_deployment_does_not_stay(tmp_path: Path) -> None:
    directory = tmp_path / "local"
    app = "touch reached; until [ -e go ]; do sleep 0.1; done; false"
    with in_a_group([*DEPLOY, "--app", app], directory, subprocess.PIPE) as process:
        assert process.stdout
        assert any(line.startswith("the local AWS is up") for line in process.stdout)
        assert eventually((tmp_path / "reached").exists)
        family = living(directory)
        process.stdout.close()
        (tmp_path / "go").touch()
        assert process.wait(PATIENCE_SECONDS) == 141
        assert gone(family)


def test_after_a_failed_deployment_it_stays_and_that_is_told(tmp_path: Path) -> None:
    directory = tmp_path / "local"
    try:
        answer = bedrock_local(*DEPLOY, "--app", "false", "--dir", str(directory), folder=tmp_path)
        assert answer.returncode == 1
        running = find(directory)
        assert running
        assert f"export AWS_SECRET_ACCESS_KEY={running.secret}\n" in answer.stdout
        assert running.answers()
    finally:
        bedrock_local("down", "--dir", str(directory), folder=tmp_path)
