"""The folder in which a local AWS keeps its state: the secret is there, so nobody else may look."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from typing import TYPE_CHECKING

from bedrock_local.errors import LocalAwsError

if TYPE_CHECKING:
    from pathlib import Path

STATE_FILE = "local-aws.json"

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
        raise LocalAwsError(f"{folder} is no folder, nor a link to one; remove it, or name another --dir")
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
                f"{file} is a link, a pipe, or a folder, and a file has to be there; remove it, or name another --dir"
            )


def open_private(path: str, flags: int) -> int:
    """Open a file that only its owner may read: an ``opener`` of `open`."""
    descriptor = os.open(path, flags | os.O_NOFOLLOW, 0o600)
    os.fchmod(descriptor, 0o600)
    return descriptor
