"""What the system refuses: a full disk, a folder that is not there, an output that nobody takes."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# EFBIG is what a limit on the size of files says (ulimit -f).
_REMEDIES = {
    errno.ENOSPC: "make room there",
    errno.EDQUOT: "make room there",
    errno.EFBIG: "make room there",
    errno.ENOENT: "make its folder first",
    errno.EACCES: "change the permissions",
    errno.EEXIST: "move that away",
    errno.EBADF: "open it",
    errno.EISDIR: "name a file in it",
}


@contextmanager
def named(place: Path | str, *, ours: Path | None = None) -> Iterator[None]:
    """Let what is refused in the context name a place that the user knows.

    Parameters
    ----------
    place : pathlib.Path or str
        The file or folder that the user gave.
    ours : pathlib.Path
        A temporary file or folder, which the user does not know. Default: there is none.

    Raises
    ------
    OSError
        With the name, in place of one without a name or with that of a temporary file. Others pass as they are.
    """
    try:
        yield
    except OSError as error:
        known = error.filename is not None and not (ours and _is_in(error.filename, ours))
        if known or error.errno is None:
            raise
        # Arrow says more than the system, with a number of the system's in it.
        raise OSError(error.errno, os.strerror(error.errno), str(place)) from None


def refusal(error: OSError) -> str:
    """Say in a sentence what was refused, where, and what to do."""
    if error.errno is None:
        # Not the system's: whoever raised it has said all that.
        return str(error)
    place = f"{error.filename}: " if error.filename is not None else ""
    return f"{place}{error.strerror}; {_REMEDIES.get(error.errno, 'put that right')}, or name another place"


def _is_in(name: object, place: Path) -> bool:
    return isinstance(name, str | os.PathLike) and Path(name).is_relative_to(place)
