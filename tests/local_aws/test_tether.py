"""No process outlives its owner."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bedrock_local import held, tether
from tests.local_aws.processes import descendants, eventually, gone

# Two generations that ask nicely in vain.
STUBBORN = ["sh", "-c", "trap '' TERM INT HUP; (trap '' TERM; sleep 300) & sleep 300"]
STUBBORN_GENERATIONS = 4  # the guard, the shell and its two children


def start_stubborn() -> tuple[subprocess.Popen[bytes], set[int]]:
    process = held.start(STUBBORN, environment=os.environ)
    assert eventually(lambda: len(descendants(process.pid)) >= STUBBORN_GENERATIONS)
    return process, descendants(process.pid)


@pytest.mark.parametrize(
    ("script", "code"), [("exit 0", 0), ("exit 7", 7), ("kill -9 $$", 128 + signal.SIGKILL), ("kill $$", 143)]
)
def test_a_tether_ends_with_the_exit_code_of_its_command(script: str, code: int) -> None:
    assert held.start(["sh", "-c", script], environment=os.environ).wait() == code


def test_a_command_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with (tmp_path / "log").open("w+") as log:
        assert held.start(["no-such-command"], environment=os.environ, output=log).wait() == 127
        log.seek(0)
        assert log.read() == "no-such-command: No such file or directory\n"


@pytest.mark.parametrize(("stopped_by", "told"), [("kill -9 $$", "sh was killed by signal 9\n"), ("sleep 300", "")])
def test_it_says_what_killed_a_command_unless_it_was_told_to(stopped_by: str, told: str, tmp_path: Path) -> None:
    with (tmp_path / "log").open("w+") as log:
        process = held.start(
            ["sh", "-c", f"touch {tmp_path}/reached; {stopped_by}"], environment=os.environ, output=log
        )
        assert eventually((tmp_path / "reached").exists)
        process.terminate()
        process.wait()
        log.seek(0)
        assert log.read() == told


def test_what_a_command_leaves_behind_is_gone_with_it(tmp_path: Path) -> None:
    script = f"sleep 300 & echo $! > {tmp_path}/pid"
    assert held.start(["sh", "-c", script], environment=os.environ).wait() == 0
    assert gone([int((tmp_path / "pid").read_text())])


def test_a_signal_reaches_the_command_which_may_end_in_its_own_way() -> None:
    process = held.start(
        [sys.executable, "-c", "import signal, sys; print(flush=True); signal.sigwait([signal.SIGINT]); sys.exit(5)"],
        environment=os.environ,
    )
    assert eventually(lambda: len(descendants(process.pid)) == 2)
    time.sleep(0.3)  # The command has no other way to say that it waits now.
    process.send_signal(signal.SIGINT)
    assert process.wait() == 5


def test_a_command_that_does_not_heed_a_signal_is_killed_with_its_children() -> None:
    process, group = start_stubborn()
    began = time.monotonic()
    process.terminate()
    assert process.wait() == 128 + signal.SIGKILL
    assert time.monotonic() - began > tether.GRACE_SECONDS - 0.1
    assert gone(group)


def test_killing_the_tether_kills_the_command_and_its_children() -> None:
    process, group = start_stubborn()
    process.kill()
    assert gone(group)
    process.wait()


def test_killing_the_guard_kills_the_command_and_its_children() -> None:
    process, group = start_stubborn()
    (guard,) = (pid for pid in group if os.getpgid(pid) == pid)
    os.kill(guard, signal.SIGKILL)
    assert process.wait() == 128 + signal.SIGKILL
    assert gone(group)


@pytest.mark.parametrize("half", ["guard", "tether"])
def test_it_says_that_one_of_the_two_was_killed(half: str, tmp_path: Path) -> None:
    with (tmp_path / "log").open("w+") as log:
        process = held.start(["sleep", "300"], environment=os.environ, output=log)
        assert eventually(lambda: len(descendants(process.pid)) == 2)
        family = descendants(process.pid)
        (guard,) = (pid for pid in family if os.getpgid(pid) == pid)
        killed = guard if half == "guard" else process.pid
        os.kill(killed, signal.SIGKILL)
        assert gone(family)
        process.wait()
        log.seek(0)
        assert log.read() == f"sleep was killed, because process {killed}, its {half}, was\n"


def run_owner(*, lets_go: bool) -> tuple[subprocess.Popen[str], int]:
    """Start a process that owns a tether; return it and the tether's id."""
    script = (
        "import os, time; from bedrock_local import held;"
        "it = held.start(['sleep', '300'], environment=os.environ);"
        f"{lets_go} and held.let_go(it); print(it.pid, flush=True); time.sleep(300)"
    )
    owner = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert owner.stdout
    return owner, int(owner.stdout.readline())


def test_killing_the_owner_ends_tether_and_command() -> None:
    owner, pid = run_owner(lets_go=False)
    assert eventually(lambda: len(descendants(pid)) == 2)
    group = descendants(owner.pid)
    owner.kill()
    assert gone(group)
    owner.wait()


def test_a_command_that_is_let_go_survives_its_owner_and_not_its_tether() -> None:
    owner, pid = run_owner(lets_go=True)
    assert eventually(lambda: len(descendants(pid)) == 2)
    group = descendants(pid)
    owner.kill()
    owner.wait()
    time.sleep(0.3)
    assert descendants(pid) == group
    os.kill(pid, signal.SIGKILL)
    assert gone({pid, *group})


def test_a_tether_without_a_command_says_how_to_use_it() -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "bedrock_local.tether", "sleep", "1"], capture_output=True, text=True, check=False
    )
    assert (answer.returncode, answer.stderr.split(":")[0]) == (2, "usage")
