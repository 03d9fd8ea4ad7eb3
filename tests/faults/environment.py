"""One execution environment of Lambda: a process that has loaded the function and handles one event at a time."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from .clock import Clock

WORKER = Path(__file__).parent / "worker.py"
KILLED = "killed"


class ExecutionEnvironment:
    """A process of the function's own.

    `log` is all that it has written to standard output and standard error, `payload` what the handler returned last.
    """

    payload: Any = None

    def __init__(
        self,
        asset: Path,
        handler: str,
        variables: Mapping[str, str],
        python: str = sys.executable,
        clock: Clock | None = None,
    ) -> None:
        self._clock = clock or Clock()
        results, result_fd = os.pipe()
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the process)
        command = [python, "-P", str(WORKER), str(result_fd)]
        self._process = subprocess.Popen(
            command,
            env={**variables, "LAMBDA_TASK_ROOT": str(asset), "_HANDLER": handler},
            cwd=asset,
            stdin=subprocess.PIPE,
            stdout=self._log,
            stderr=self._log,
            pass_fds=[result_fd],
        )
        os.close(result_fd)
        self._results: IO[str] = os.fdopen(results)
        self._ready = False

    @property
    def log(self) -> str:
        fd, size = self._log.fileno(), os.fstat(self._log.fileno()).st_size
        return os.pread(fd, size, 0).decode()

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def invoke(self, event: Any, *, timeout: float, speed: float) -> str | None:
        """Hand it an event and return its error, if any. After `timeout` seconds of its own time it is killed."""
        if not self._ready and (error := self._result()):
            # It exits by itself, and would be taken for a warm one until then.
            self._process.wait()
            return error
        self._ready = True
        deadline = time.monotonic() + timeout / speed
        timer = threading.Timer(timeout / speed, self.kill)
        timer.start()
        try:
            return self._ask({"event": event, "deadline": deadline, "speed": speed, "now": self._clock.now()})
        finally:
            timer.cancel()

    def kill(self) -> None:
        """End it at once, as running out of memory or time does."""
        if self.alive:
            self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def close(self) -> None:
        self.kill()
        self._results.close()
        self._log.close()
        assert self._process.stdin
        # An order that it did not live to read may still be in the buffer.
        with suppress(BrokenPipeError):
            self._process.stdin.close()

    def _ask(self, order: Mapping[str, Any]) -> str | None:
        assert self._process.stdin
        try:
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            return KILLED
        return self._result()

    def _result(self) -> str | None:
        """Wait for what the process reports, or for its end."""
        if line := self._results.readline():
            told = json.loads(line)
            self.payload, error = told.get("payload"), told["error"]
            return None if error is None else str(error)
        return KILLED if self._process.wait() < 0 else f"Runtime.ExitError: status {self._process.returncode}"
