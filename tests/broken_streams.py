"""A standard output that cannot be written to: closed, full, or a pipe that nobody reads."""

import os
import re
import shlex
import subprocess
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

NOBODY_READS = "nobody-reads"
#: How a shell is asked for it, the exit code, and what is said of it.
BROKEN = {
    "closed": (">&-", 2, "standard output: Bad file descriptor; "),
    "full": (">/dev/full", 2, "standard output: No space left on device; "),
    NOBODY_READS: (">&3", 141, ""),
    "closed-as-standard-error-is": (">&- 2>&-", 2, ""),
    "full-as-standard-error-is": (">/dev/full 2>/dev/full", 2, ""),
}


@cache
def subcommands(*command: str) -> list[str]:
    """Return the subcommands that the help of a command lists."""
    told = subprocess.run([*command, "--help"], env=_environment(), capture_output=True, text=True, check=True).stdout
    return re.findall(r"^    ([a-z]+) ", told, re.MULTILINE)


def assert_ends_well(
    program: str, command: Sequence[str], broken: str, *, folder: Path, environment: Mapping[str, str] | None = None
) -> None:
    """Run a command whose output is broken; it says so in its last line, and in no other."""
    redirection, code, said = BROKEN[broken]
    read, write = os.pipe()
    os.close(read)
    answer = subprocess.run(
        # The shell gives the pipe the number that the redirection has.
        ["bash", "-c", f"exec {shlex.join(command)} 3>&{write} {redirection}"],
        cwd=folder,
        env=environment or _environment(),
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        pass_fds=[write],
        text=True,
        check=False,
        timeout=120,
    )
    os.close(write)
    own = [line for line in answer.stderr.splitlines() if line.startswith(f"{program}: ")]
    assert answer.returncode == code, answer
    assert len(own) == bool(said), answer
    assert not said or answer.stderr.splitlines()[-1].startswith(f"{program}: {said}")
    assert not re.search(r"Traceback|Exception ignored|Errno", answer.stderr), answer.stderr


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1] / "toolkit")}
