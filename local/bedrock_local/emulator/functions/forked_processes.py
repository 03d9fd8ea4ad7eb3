"""Functions in Python start in half the time: as copies of a process that has loaded boto3, which each would load.

Each has a process, an environment and a path of its own. One that brings modules which the copied process has loaded,
such as a boto3, starts as ministack starts it. Seen in ministack 1.5.33.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack, suppress
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from ministack.core import lambda_runtime

from bedrock_local.emulator.functions import fork_server
from bedrock_local.emulator.functions.fork_server import NUMBER
from bedrock_local.emulator.seen import Seen

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import IO

NEEDS = ("core.lambda_runtime.subprocess",)

# What programs and libraries read of the environment as they start.
_READ_AT_START = ("PYTHON", "LD_", "DYLD_", "LANG", "LC_", "MALLOC_", "GLIBC_", "OPENSSL_")
_PYTHON_AND_SCRIPT = 2
_TEXT: dict[str, Any] = {"encoding": "utf-8", "errors": "replace", "buffering": 1}


class ForkedProcess:
    """A copy that runs: as much of `subprocess.Popen` as ministack uses.

    Parameters
    ----------
    line
        To the process that started it.
    streams
        Its standard input, output and error.
    """

    def __init__(self, pid: int, line: socket.socket, streams: Sequence[IO[str]]) -> None:
        self.pid, self._line, self._lock = pid, line, Lock()
        self.stdin, self.stdout, self.stderr = streams
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Return how it has ended; None if it has not."""
        return self._look(0)

    def wait(self, timeout: float | None = None) -> int:
        """Return how it has ended when it has, or raise `subprocess.TimeoutExpired`."""
        code = self._look(timeout)
        if code is None:
            raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
        return code

    def terminate(self) -> None:
        """Send it SIGTERM."""
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        """Send it SIGKILL."""
        self._send(signal.SIGKILL)

    def _send(self, signum: int) -> None:
        # Through its parent: the id of a process that has ended may be another's.
        with suppress(OSError):
            self._line.send(bytes([signum]))

    def _look(self, seconds: float | None) -> int | None:
        if self.returncode is None:
            poll = select.poll()
            poll.register(self._line, select.POLLIN)
            poll.poll(None if seconds is None else seconds * 1000)
        with self._lock:
            if self.returncode is None:
                with suppress(BlockingIOError):
                    self.returncode = self._last_word()
        return self.returncode

    def _last_word(self) -> int:
        try:
            word = self._line.recv(NUMBER.size, socket.MSG_DONTWAIT)
        except ConnectionResetError:
            word = b""
        if word:
            (code,) = NUMBER.unpack(word)
            return int(code)
        # Its parent was killed, and can tell of no end.
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        return -signal.SIGKILL


class Forks:
    """Starts copies of one process, which it starts itself with the first of them, and anew if somebody ends it."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = dict(environment)
        self._lock = Lock()
        self._server: socket.socket | None = None

    def start(self, script: str, folder: str, environment: Mapping[str, str]) -> ForkedProcess:
        """Start a script in a folder, with an environment.

        Raises
        ------
        OSError
            If that cannot be.
        """
        message = json.dumps({"script": script, "folder": folder, "environment": dict(environment)}).encode()
        line, its_line = socket.socketpair()
        streams, its_streams = zip(*map(_pipe, "wrr"), strict=True)
        with ExitStack() as its_files:
            for file in (its_line, *its_streams):
                its_files.enter_context(file)
            with self._lock:
                self._send(message, [file.fileno() for file in (its_line, *its_streams)])
        started = line.recv(NUMBER.size)
        if not started:
            raise ChildProcessError("its parent has ended, or there can be no more processes")
        (pid,) = NUMBER.unpack(started)
        return ForkedProcess(pid, line, streams)

    def suits(self, environment: Mapping[str, str]) -> bool:
        """Whether a copy may have that environment: of these parts the copied process has read its own."""
        return _read_at_start(environment) == _read_at_start(self._environment)

    def _send(self, message: bytes, files: Sequence[int]) -> None:
        server = self._server or self._begin()
        try:
            socket.send_fds(server, [NUMBER.pack(len(message))], files)
            server.sendall(message)
        except OSError:
            self._server = None
            raise

    def _begin(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        with theirs:
            subprocess.Popen(  # noqa: S603 -- our own program
                # No compiled modules are written beside a function's code; in Lambda that cannot be.
                [sys.executable, "-B", fork_server.__file__, str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                env=self._environment,
                cwd=Path(sys.executable).anchor,
            )
        self._server = ours
        return ours


def _pipe(mode: str) -> tuple[IO[str], IO[bytes]]:
    """Make our end of a pipe, to write to or to read from, and the other one."""
    reading, writing = os.pipe()
    if mode == "r":
        return os.fdopen(reading, **_TEXT), os.fdopen(writing, "wb", buffering=0)
    return os.fdopen(writing, "w", **_TEXT), os.fdopen(reading, "rb", buffering=0)


def _read_at_start(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name.startswith(_READ_AT_START)}


def start_as_copies() -> None:
    """Start a function in Python as a copy, or as before where that cannot be."""
    start, forks = lambda_runtime.subprocess.Popen, Forks(lambda_runtime.os.environ)

    def start_or_fork(command: Sequence[str], **options: Any) -> Any:  # noqa: ANN401 -- as Popen takes them
        is_python = len(command) == _PYTHON_AND_SCRIPT and command[0] == sys.executable
        if is_python and forks.suits(options["env"]):
            with suppress(OSError):
                return forks.start(command[1], options["cwd"], options["env"])
        return start(command, **options)

    lambda_runtime.subprocess = Seen(subprocess, Popen=start_or_fork)
