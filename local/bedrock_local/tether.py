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
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import FrameType

GRACE_SECONDS = 5
# What make runs may itself hold two tethers, and end them one after the other.
_MAKE_GRACE_SECONDS = 3 * GRACE_SECONDS
_LOOK_SECONDS = 0.5
_STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
# Lets what it runs end first, and then does not go on.
_SHELL = ["/bin/sh", "-c", 'trap "exit 1" HUP INT TERM; eval "$1"']
_COMMAND_NOT_FOUND = 127


def main(arguments: Sequence[str]) -> int:
    """Run the command after ``--``; return its exit code."""
    if arguments[:1] == ["-c"]:
        return _hold([*_SHELL, *arguments], _line_to_make, _MAKE_GRACE_SECONDS)
    separator, *command = arguments or [""]
    if separator != "--" or not command:
        sys.stderr.write("usage: python -m bedrock_local.tether -- COMMAND [ARGUMENT ...]\n")
        return 2
    return _hold(command, sys.stdin.fileno)


def _hold(command: Sequence[str], watch_owner: Callable[[], int], grace: int = GRACE_SECONDS) -> int:
    """Wait until the guard reports the exit code; stop the group when told to or when the owner is gone."""
    told: list[int] = []
    guard, line = _fork_guard(command)
    owner = watch_owner()

    def stop(signum: int, _frame: FrameType | None = None) -> None:
        told.append(signum)
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
        if not os.read(owner, 1) and not told:
            stop(signal.SIGTERM)
    code = line.recv(1)
    if not code and not told:
        _say(f"{command[0]} was killed, because process {guard}, its guard, was")
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
    threading.Thread(target=_die_with, args=[line, os.getppid(), command[0]], daemon=True).start()
    code = _run(command, told)
    with suppress(OSError):
        line.send(bytes([code]))
    _kill_group(os.getpid(), signal.SIGKILL)
    os._exit(code)


def _die_with(line: socket.socket, tether: int, program: str) -> None:
    line.recv(1)
    _say(f"{program} was killed, because process {tether}, its tether, was")
    _kill_group(os.getpid(), signal.SIGKILL)


def _say(why: str) -> None:
    """Say it where it is read at once, if at all: nobody is kept alive by who does not read."""
    with suppress(OSError, AttributeError):
        if select.select([], [sys.stderr], [], 0)[1]:
            os.write(sys.stderr.fileno(), f"{why}\n".encode(errors="backslashreplace"))


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
