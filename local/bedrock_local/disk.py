"""What the file system refuses: a full disk, a folder that may not be written to, a name that is none."""

from __future__ import annotations

import errno
import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeGuard

from bedrock_local.errors import LocalAwsError
from bedrock_local.options import option

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# EFBIG is what a limit on the size of files says (ulimit -f).
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_PROBE_BYTES = 64 * 1024


def is_full(error: BaseException | None) -> TypeGuard[OSError]:
    """Whether an error is that of a disk without room."""
    return isinstance(error, OSError) and error.errno in _FULL


def refusal(error: OSError, place: Path | str = "") -> str:
    """Say in a sentence what was refused, where, and what to do.

    Parameters
    ----------
    error
        What the system said.
    place
        The file or folder, where the error does not name it.
    """
    remedy = "make room there" if is_full(error) else "put that right"
    return f"{error.filename or place}: {error.strerror}; {remedy}, or name another {option('dir')}"


def no_room(error: OSError) -> str:
    """Say the same of what the server could not write to its folder of temporary files."""
    return f"The local AWS cannot keep this: {refusal(error, tempfile.gettempdir())}"


@contextmanager
def naming(place: Path) -> Iterator[None]:
    """Say of what the file system refuses in the context what it is.

    Raises
    ------
    LocalAwsError
        In place of each OSError.
    """
    try:
        yield
    except OSError as error:
        raise LocalAwsError(refusal(error, place)) from None


def check_room(folder: Path, size: int = _PROBE_BYTES) -> None:
    """Check that a folder can be written to: who could not has perhaps not been able to say so, either.

    Parameters
    ----------
    folder
        The folder.
    size
        Bytes that there has to be room for. Default: a few lines of text.

    Raises
    ------
    LocalAwsError
        If it cannot.
    """
    with naming(folder), tempfile.TemporaryFile(dir=folder) as file:
        file.write(bytes(size))
