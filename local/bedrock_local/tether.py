"""Run a command that cannot outlive its owner.

``python -m bedrock_local.tether -- COMMAND [ARGUMENT …]``, or ``python tether.py -c LINE``

Two small processes hold the command between them, each watching the other over a socket pair:

* the *tether* is what the owner started. Its standard input is a pipe whose other end only the owner holds (``-c``:
  make is the owner, and is looked at instead). A word on it lets the command go, which has no owner then;
* the *guard* leads a session and process group of its own, in which COMMAND and its descendants run.

The whole group is gone when COMMAND ends, when the owner ends (the pipe reaches its end, however the owner died), when
the tether is told to stop (the signal is passed on, `GRACE_SECONDS` later the group is killed), and when either of the
two is itself killed with SIGKILL: the other notices and kills the group. Only POSIX calls are used, so Linux and macOS
get the same guarantee. A process that leaves the group on purpose (``setsid``) is out of reach.

With ``-c`` it is the shell of the Makefile, and runs from this file alone: nothing may be installed yet. A SIGINT or
SIGHUP that make alone got is seen on Linux only; elsewhere the line goes on to its end, and make waits for it.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, cast

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import FrameType
    from typing import IO

GRACE_SECONDS = 5
# What make runs may itself hold two tethers, and end them one after the other.
_MAKE_GRACE_SECONDS = 3 * GRACE_SECONDS
_LOOK_SECONDS = 0.5
_STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
# Lets what it runs end first, and then does not go on.
_SHELL = ["/bin/sh", "-c", 'trap "exit 1" HUP INT TERM; eval "$1"']
_COMMAND_NOT_FOUND = 127
# Any is one.
_WORD = b"\n"


def start(
    command: Sequence[str],
    *,
    environment: Mapping[str, str],
    output: IO[str] | None = None,
    folder: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start a command on a tether that this process holds, until it lets it go (`let_go`).

    Parameters
    ----------
    command
        The program and its arguments. Its standard input is empty.
    environment
        The whole environment of the command.
    output
        File for standard output and standard error. Default: those of this process.
    folder
        Working directory. Default: that of this process.

    Returns
    -------
    subprocess.Popen
        The tether: it ends after the command has, with the command's exit code (128 + N after signal N).
        ``terminate()`` stops the whole group.
    """
    return subprocess.Popen(  # noqa: S603 - the caller's own command, never a shell
        [sys.executable, "-m", __name__, "--", *command],
        stdin=subprocess.PIPE,
        stdout=output,
        stderr=output,
        cwd=folder,
        env=environment,
        # A session of its own: Ctrl-C reaches the owner only, which stops the command in its own good time.
        start_new_session=True,
    )


def let_go(tether: subprocess.Popen[bytes]) -> None:
    """Let a command live on when this process ends.

    Parameters
    ----------
    tether
        What `start` has returned.

    Raises
    ------
    BrokenPipeError
        If it has ended.
    """
    with cast("IO[bytes]", tether.stdin) as line:
        line.write(_WORD)


def main(arguments: Sequence[str]) -> int:
    """Run the command after ``--``; return its exit code."""
    if arguments[:1] == ["-c"]:
        return _hold(*_fork_guard([*_SHELL, *arguments]), _line_to_make(), _MAKE_GRACE_SECONDS)
    separator, *command = arguments or [""]
    if separator != "--" or not command:
        sys.stderr.write("usage: python -m bedrock_local.tether -- COMMAND [ARGUMENT ...]\n")
        return 2
    return _hold(*_fork_guard(command), sys.stdin.fileno())


def _hold(guard: int, line: socket.socket, owner: int, grace: int = GRACE_SECONDS) -> int:
    """Wait until the guard reports the exit code; stop the group when told to or when the owner is gone."""

    def stop(signum: int, _frame: FrameType | None = None) -> None:
        _kill_group(guard, signum)
        # Once: who asks again does not want to wait longer.
        signal.alarm(signal.alarm(0) or grace)

    line.recv(1)  # The guard leads its group from here on.
    for signum in _STOP_SIGNALS:
        # What the owner was told to ignore (nohup) is not meant for us either.
        if signal.getsignal(signum) != signal.SIG_IGN:
            signal.signal(signum, stop)
    signal.signal(signal.SIGALRM, lambda *_: _kill_group(guard, signal.SIGKILL))
    watched = [line.fileno(), owner]
    while line.fileno() not in select.select(watched, [], [])[0]:
        watched.remove(owner)
        # Unless it was let go, or told to stop before, and ends in its own way.
        if not os.read(owner, 1) and not signal.getitimer(signal.ITIMER_REAL)[0]:
            stop(signal.SIGTERM)
    code = line.recv(1)
    _kill_group(guard, signal.SIGKILL)
    os.waitpid(guard, 0)
    return code[0] if code else 128 + signal.SIGKILL


def _line_to_make() -> int:
    """Return the end of a pipe that ends when make does, or is about to."""
    ours, theirs = os.pipe()

    def close_with_make(make: int, caught: str) -> None:
        while os.getppid() == make and _caught(make) == caught:
            time.sleep(_LOOK_SECONDS)
        os.close(theirs)

    threading.Thread(target=close_with_make, args=[os.getppid(), _caught(os.getppid())], daemon=True).start()
    return ours


def _caught(pid: int) -> str:
    """Say which signals a process has handlers for: make takes the one of the signal that ends it away."""
    with suppress(OSError), Path(f"/proc/{pid}/status").open(encoding="utf-8") as status:
        return next((line for line in status if line.startswith("SigCgt")), "")
    return ""


def _fork_guard(command: Sequence[str]) -> tuple[int, socket.socket]:
    ours, theirs = socket.socketpair()
    guard = os.fork()
    if guard == 0:
        ours.close()
        _guard(theirs, command)
    theirs.close()
    return guard, ours


def _guard(line: socket.socket, command: Sequence[str]) -> NoReturn:
    """Lead the group, report the command's exit code, and take the group (and itself) down at the end."""
    os.setsid()
    told: list[int] = []
    for signum in _STOP_SIGNALS:
        # A handler, not SIG_IGN: the command would inherit that one.
        signal.signal(signum, lambda told_now, _: told.append(told_now))
    line.send(b"\0")
    threading.Thread(target=_die_with, args=[line], daemon=True).start()
    code = _run(command, told)
    with suppress(OSError):
        line.send(bytes([code]))
    _kill_group(os.getpid(), signal.SIGKILL)
    os._exit(code)


def _die_with(line: socket.socket) -> None:
    line.recv(1)
    _kill_group(os.getpid(), signal.SIGKILL)


def _run(command: Sequence[str], told: Sequence[int]) -> int:
    try:
        code = subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode  # noqa: S603 - as in `start`
    except OSError as error:
        sys.stderr.write(f"{command[0]}: {error.strerror}\n")
        return _COMMAND_NOT_FOUND
    if code < 0 and not told:
        sys.stderr.write(f"{command[0]} was killed by signal {-code}\n")
    return code if code >= 0 else 128 - code


def _kill_group(group: int, signum: int) -> None:
    # Linux says that an empty group does not exist, macOS that a group of zombies may not be signalled.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signum)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
