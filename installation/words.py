"""Commands that are heard of while they run: lines of theirs, and else how long it has been."""

import queue
import re
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SILENT_SECONDS = 4
# What installers say of a step; all else is for whoever asks why it failed.
_STEPS = re.compile(r"\s*(Downloading|Downloaded|Prepared|Installed|Built|Installing collected|WARNING: Retrying)\b")
_LAST_LINES = 15


@dataclass(frozen=True)
class End:
    """Of a command.

    Attributes
    ----------
    good
        Whether its exit code is 0.
    lines
        All that it said.
    """

    good: bool
    lines: Sequence[str]

    @property
    def last_words(self) -> str:
        """What it said last, of what is not a step."""
        return "\n".join([line for line in self.lines if line.strip() and not _STEPS.match(line)][-_LAST_LINES:])


def say(line: str) -> None:
    """Print a line at once, also where nobody sits at a terminal."""
    print(line, flush=True)  # noqa: T201 - a program: what it prints is for its user


def run(command: Sequence[str], environment: Mapping[str, str], silent_seconds: float = SILENT_SECONDS) -> End:
    """Run a command to its end, and say how far it is.

    Parameters
    ----------
    command
        The program and its arguments; it gets no input.
    environment
        Its whole environment.
    silent_seconds
        For how long nothing is said at most. Default: 4 s.
    """
    began, told = time.monotonic(), queue.SimpleQueue[str | None]()
    lines: list[str] = []
    try:
        process = subprocess.Popen(  # noqa: S603 - the installers' own commands
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
    except OSError as error:
        return End(good=False, lines=[f"{command[0]}: {error.strerror}"])
    threading.Thread(target=_listen, args=[process, told], daemon=True).start()
    while True:
        try:
            line = told.get(timeout=silent_seconds)
        except queue.Empty:
            say(f"  … {time.monotonic() - began:.0f} s")
            continue
        if line is None:
            return End(process.wait() == 0, lines)
        lines.append(line)
        if _STEPS.match(line):
            say(f"  {line.strip()}")


def _listen(process: subprocess.Popen[str], told: "queue.SimpleQueue[str | None]") -> None:
    for line in process.stdout or ():
        told.put(line.rstrip("\n"))
    told.put(None)
