"""The folder in which a local AWS keeps its state: the secret is there, so nobody else may look."""

from __future__ import annotations

import fcntl
import os
import shutil
import stat
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from bedrock_local.errors import LocalAwsError
from bedrock_local.options import option

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STATE_FILE = "local-aws.json"
#: Folder for temporary files of the server, and of what it runs.
SCRATCH = "tmp"

_TURN_FILE = "local-aws.lock"
_OWNER_ONLY = 0o700
_OTHERS = 0o077


def make_private(folder: Path) -> None:
    """Make a folder that only its owner may enter, or see to it that one is.

    Parameters
    ----------
    folder
        The ``--dir``. It may be there: private already, empty, or from a local AWS before.

    Raises
    ------
    LocalAwsError
        If it is something else, or others may look into it and it holds other things, which may be meant for them.
    """
    if not folder.is_dir() and (folder.is_symlink() or folder.exists()):
        raise LocalAwsError(f"{folder} is no folder, nor a link to one; remove it, or name another {option('dir')}")
    folder.mkdir(mode=_OWNER_ONLY, parents=True, exist_ok=True)
    status = folder.stat()
    mode = status.st_mode
    if status.st_uid != os.geteuid():
        raise LocalAwsError(f"{folder} is another user's, and the secret of the local AWS would be in it; name another")
    if not mode & _OTHERS:
        return
    if any(folder.iterdir()) and not (folder / STATE_FILE).exists():
        raise LocalAwsError(
            f"{folder} is open to others (mode {mode & 0o777:o}) and holds other things, and the secret of the local "
            f"AWS would be in it; name a folder of its own, or close that one: chmod 700 {folder}"
        )
    folder.chmod(_OWNER_ONLY)


def check_file(file: Path) -> None:
    """Check that a file can be one of ours: who opens a pipe waits, and who follows a link writes elsewhere.

    Raises
    ------
    LocalAwsError
        If it is neither a file nor absent.
    """
    with suppress(FileNotFoundError):
        if not stat.S_ISREG(file.lstat().st_mode):
            raise LocalAwsError(
                f"{file} is a link, a pipe, or a folder, and a file has to be there; remove it, "
                f"or name another {option('dir')}"
            )


def open_private(path: str, flags: int) -> int:
    """Open a file that only its owner may read: an ``opener`` of `open`."""
    descriptor = os.open(path, flags | os.O_NOFOLLOW, 0o600)
    os.fchmod(descriptor, 0o600)
    return descriptor


def make_own(folder: Path) -> None:
    """Make a folder that is of one local AWS only; see `make_private` for the one that such are in."""
    while True:
        make_private(folder.parent)
        # Whoever was the last in there may just take it away.
        with suppress(FileNotFoundError):
            folder.mkdir(mode=_OWNER_ONLY)
            return


def remove_own(folder: Path) -> None:
    """Remove a folder that is of one local AWS only, and the one that such are in, if it is the last."""
    shutil.rmtree(folder, ignore_errors=True)
    # There may be others, or one with ``--dir``.
    with suppress(OSError):
        folder.parent.rmdir()


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Be the only one who deploys from a folder: what the CDK CLI writes there, and the results, have one name.

    Parameters
    ----------
    folder
        The ``--dir``, made if it is not there.

    Raises
    ------
    LocalAwsError
        If somebody else does.
    """
    check_file(folder / STATE_FILE)
    make_private(folder)
    # The folder itself is locked, so that no file has to stay. The system takes the lock away with this process.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        _lock(descriptor, folder)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int, folder: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise LocalAwsError(
            f"another bedrock-local deploy is at work in {folder}; wait for that, or name another {option('dir')}"
        ) from None


@contextmanager
def in_turn(folder: Path) -> Iterator[None]:
    """Wait until nobody else starts a local AWS in a folder; who starts one takes away what the one before has left."""
    with open(folder / _TURN_FILE, "w", encoding="utf-8", opener=open_private) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
