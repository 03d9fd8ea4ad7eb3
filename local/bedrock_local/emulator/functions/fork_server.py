"""Start functions in Python as copies of a process that has loaded boto3, which takes most of a function's start.

``python fork_server.py SOCKET``, with the environment that functions have. Each message on the socket is about one
function, and brings what shall be its standard input, output and error, and a line of its own: on it comes its process
id, and in the end its exit code; each byte to it is a signal. It ends when the other end of the socket is closed.
"""

from __future__ import annotations

import gc
import json
import os
import runpy
import selectors
import signal
import socket
import struct
import sys
import time
from contextlib import suppress
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Any

import boto3

#: How long a message is; how long, with its sign, all else that is sent.
NUMBER = struct.Struct("i")
# Its own line, and three streams.
_FILES = 4
# What Python itself sets as it starts, where there is no such language as the environment says.
_SET_AT_START = "LC_CTYPE"

Program = dict[str, Any]


class _ForkServer:
    def __init__(self, server: socket.socket) -> None:
        self._server = server
        self._lines: dict[int, socket.socket] = {}
        # A signal wakes who waits for files only through one of them.
        self._ended, self._wake = socket.socketpair()
        self._wake.settimeout(0)
        self._selector = selectors.DefaultSelector()
        for file in (server, self._ended):
            self._selector.register(file, selectors.EVENT_READ)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._wake.fileno())

    def serve(self) -> Program | None:
        """Return what to run in each copy; nothing when there is nobody to serve any more."""
        while True:
            for key, _ in self._selector.select():
                if key.fileobj is self._ended:
                    self._ended.recv(1024)
                    self._tell_of_ends()
                elif key.fileobj is not self._server:
                    self._pass_signal(key.data)
                else:
                    program, files = self._receive()
                    if not program or self._is_copy(files):
                        return program

    def _receive(self) -> tuple[Program | None, list[int]]:
        size, files, *_ = socket.recv_fds(self._server, NUMBER.size, _FILES)
        if not size:
            return None, []
        (length,) = NUMBER.unpack(size)
        return json.loads(self._server.recv(length, socket.MSG_WAITALL)), files

    def _is_copy(self, files: list[int]) -> bool:
        """Fork; return whether this is the copy."""
        line, *streams = files
        try:
            pid = os.fork()
        except OSError:
            # Whoever reads on the line has an end of the file, and starts it without us.
            pid = None
        if pid == 0:
            self._leave()
            for number, stream in enumerate(streams):
                os.dup2(stream, number)
        elif pid:
            self._lines[pid] = socket.socket(fileno=os.dup(line))
            self._lines[pid].send(NUMBER.pack(pid))
            self._selector.register(self._lines[pid], selectors.EVENT_READ, pid)
        for file in files:
            os.close(file)
        return pid == 0

    def _leave(self) -> None:
        """Close what only the server needs, and take signals as a new process does."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        self._selector.close()
        for file in (self._server, self._ended, self._wake, *self._lines.values()):
            file.close()

    def _tell_of_ends(self) -> None:
        with suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                pid, status = ended
                if pid in self._lines:
                    self._forget(pid, NUMBER.pack(os.waitstatus_to_exitcode(status)))

    def _pass_signal(self, pid: int) -> None:
        # It may have ended since this was seen.
        if pid in self._lines:
            if told := self._lines[pid].recv(1):
                os.kill(pid, told[0])
            else:
                self._forget(pid)

    def _forget(self, pid: int, last_word: bytes = b"") -> None:
        line = self._lines.pop(pid)
        self._selector.unregister(line)
        with suppress(OSError):
            line.send(last_word)
        line.close()


def _load() -> None:
    """Load what boto3 loads when the first client is made, and let no copy look for garbage in it."""
    boto3.Session("none", "none").client("sts", "us-east-1")
    gc.collect()
    gc.freeze()


def _run(program: Program) -> None:
    """Be the process that Python would be which had started with this script, folder and environment."""
    script, environment = program["script"], program["environment"]
    os.chdir(program["folder"])
    if _hides_loaded(program):
        os.execve(sys.executable, [sys.executable, script], environment)  # noqa: S606 -- what ministack starts
    for name in set(os.environ) - {_SET_AT_START}:
        del os.environ[name]
    os.environ.update(environment)
    time.tzset()
    sys.argv, sys.path[0] = [script], str(Path(script).parent)
    runpy.run_path(script, run_name="__main__")


def _hides_loaded(program: Program) -> bool:
    """Whether the function brings a module of its own of a name that is loaded here, for instance a boto3."""
    layers = [folder for folder in program["environment"].get("_LAMBDA_LAYERS_DIRS", "").split(os.pathsep) if folder]
    folders = [program["folder"], *layers, *(str(Path(layer, "python")) for layer in layers)]
    names = {name.partition(".")[0] for name in sys.modules} - {"__main__"}
    return any(PathFinder.find_spec(name, folders) for name in names)


def main() -> None:
    """Serve, and run what a copy shall run."""
    # As a program does that is no Python: without a word.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    _load()
    if program := _ForkServer(socket.socket(fileno=int(sys.argv[1]))).serve():
        _run(program)


if __name__ == "__main__":
    main()
