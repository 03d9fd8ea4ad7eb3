"""Commands on a tether that this process holds: they end with it, unless it lets them go."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, cast

from bedrock_local import tether

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from typing import IO

_PROGRAM = tether.__name__


def start(
    command: Sequence[str],
    *,
    environment: Mapping[str, str],
    output: IO[str] | None = None,
    folder: Path | None = None,
    silent: bool = False,
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
    silent
        Whether standard output is thrown away. Default: it is not.

    Returns
    -------
    subprocess.Popen
        The tether: it ends after the command has, with the command's exit code (128 + N after signal N).
        ``terminate()`` stops the whole group.
    """
    return subprocess.Popen(  # noqa: S603 - the caller's own command, never a shell
        [sys.executable, "-m", _PROGRAM, "--", *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL if silent else output,
        stderr=output,
        cwd=folder,
        env=environment,
        # A session of its own: Ctrl-C reaches the owner only, which stops the command in its own good time.
        start_new_session=True,
    )


def let_go(held: subprocess.Popen[bytes]) -> None:
    """Let a command live on when this process ends.

    Parameters
    ----------
    held
        What `start` has returned.

    Raises
    ------
    BrokenPipeError
        If it has ended.
    """
    with cast("IO[bytes]", held.stdin) as line:
        line.write(b"\n")
