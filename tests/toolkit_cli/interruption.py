"""The command, interrupted in the middle of its work as Ctrl-C does it, and what it leaves."""

import fcntl
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .command import TOOLKIT

_PATIENCE = 60
#: A pipe's least: whoever writes more waits until it is read.
_PIPE_BYTES = 4096


@dataclass(frozen=True)
class Interruptible:
    """A command that waits for `go`, in a session of its own as a shell's foreground job is in a group of its own.

    `folder` is where it runs, `temporary` where its temporary files are.
    """

    process: Any
    folder: Path
    temporary: Path

    def go(self) -> None:
        """Let it begin."""
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def interrupt(self, signum: signal.Signals = signal.SIGINT) -> None:
        """Press Ctrl-C: the terminal tells the command, and all that it has started."""
        os.killpg(self.process.pid, signum)

    def children(self) -> list[str]:
        """The ids of the processes that it has started and that have not ended."""
        pid = self.process.pid
        return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()

    def assert_interrupted(self) -> None:
        """It says so in a line, and leaves no process and nothing temporary."""
        # Whatever it has started writes to the same place: at the end of that, all have ended.
        _, said = self.process.communicate(timeout=_PATIENCE)
        assert (said, self.process.returncode) == ("bedrock-batch: interrupted\n", 130), said
        assert list(self.temporary.iterdir()) == []

    @contextmanager
    def slow_file(self, path: Path) -> Iterator["SlowFile"]:
        """Put a pipe where the command will write a file that is not whole yet."""
        partial = path.with_name(f".{path.name}.{self.process.pid}.part")
        os.mkfifo(partial)
        end = os.open(partial, os.O_RDONLY | os.O_NONBLOCK)
        try:
            fcntl.fcntl(end, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
            yield SlowFile(end)
        finally:
            os.close(end)


@dataclass(frozen=True)
class SlowFile:
    """A file that takes no more than its beginning, until it is drained."""

    end: int

    def wait(self) -> None:
        """Return when something has been written."""
        assert select.select([self.end], [], [], _PATIENCE)[0], "nothing was written"

    def drain(self) -> None:
        """Take all that is still written."""
        os.set_blocking(self.end, True)
        while os.read(self.end, _PIPE_BYTES):
            pass


@contextmanager
def interruptible(*arguments: str | Path, folder: Path, **environment: str) -> Iterator[Interruptible]:
    """Make a process that is ready to become the command."""
    temporary = folder / "temporary"
    temporary.mkdir()
    # The shell becomes the command: its process id, which is in the names of files, is known before it begins.
    command = ["sh", "-c", 'read -r go && exec "$@" </dev/null', "sh", sys.executable, "-m", "bedrock_batch.cli"]
    variables: Mapping[str, str] = {"PYTHONPATH": str(TOOLKIT), "TMPDIR": str(temporary), **environment}
    with subprocess.Popen(
        [*command, *map(str, arguments)],
        cwd=folder,
        env=os.environ | variables,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            yield Interruptible(process, folder, temporary)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
