"""What the server of a local AWS prints, and, since it holds that file until it is gone, when it is."""

from __future__ import annotations

import fcntl
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bedrock_local.disk import check_room
from bedrock_local.errors import LocalAwsError
from bedrock_local.private_folder import open_private

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import IO


def log_file(directory: Path) -> Path:
    """Name the log of the local AWS that has a directory."""
    return directory / "local-aws.log"


@contextmanager
def new_log(directory: Path) -> Iterator[IO[str]]:
    """Open an empty log for a server that starts.

    It is locked. The lock is that of every process that inherits the file: the system takes it away when the last of
    them has ended, however it ends.
    """
    # A file of its own, which no other process can hold.
    log_file(directory).unlink(missing_ok=True)
    with open(log_file(directory), "w", encoding="utf-8", opener=open_private) as log:
        fcntl.flock(log, fcntl.LOCK_EX)
        yield log


def open_log(directory: Path) -> IO[str]:
    """Open the log of the server that has a directory.

    Raises
    ------
    LocalAwsError
        If somebody has removed it.
    """
    try:
        return log_file(directory).open(encoding="utf-8")
    except FileNotFoundError:
        raise LocalAwsError(
            f"{log_file(directory)} was removed, and nothing else says when the local AWS ends; start another: "
            f"bedrock-local down --dir {directory}"
        ) from None


def await_end(log: IO[str]) -> None:
    """Return when the server that writes a log is gone, and all that it started; at once if there is none."""
    with log:
        fcntl.flock(log, fcntl.LOCK_SH)


def last_words(directory: Path) -> str:
    """Say what the server that has a directory printed last.

    Raises
    ------
    LocalAwsError
        If it could not print, because there is no room.
    """
    log = log_file(directory)
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return f"nobody knows what, since {log} was removed"
    if words := next((line for line in reversed(lines) if line.strip()), ""):
        return words
    check_room(directory)
    return f"it printed nothing to {log}"
