"""Where a command writes what it was asked for: a file, whole or not at all, or standard output."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from bedrock_batch.files.whole_file import whole_file

#: Standard output by its name in the file system; one that nothing can be renamed to, whoever tries.
STANDARD_OUTPUT = Path("/dev/fd/1")


@contextmanager
def open_output(path: Path) -> Iterator[BinaryIO]:
    """Open a place for bytes.

    Parameters
    ----------
    path : pathlib.Path
        A file, which is there when it is whole; what is no file, which is written to; or a name of standard output.

    Yields
    ------
    binary file
        To write to. It stays open if it is standard output.

    Raises
    ------
    OSError
        If it cannot be written; with its name.
    """
    if is_standard_output(path):
        sys.stdout.flush()
        yield sys.stdout.buffer
        return
    with whole_file(path) as place, place.open("wb") as file:
        yield file


def is_standard_output(path: Path) -> bool:
    """Say whether a path names what standard output is, be that a terminal, a pipe or a file."""
    if path == STANDARD_OUTPUT:
        return True
    try:
        return os.path.samestat(path.stat(), os.fstat(1))
    except (OSError, ValueError):
        return False
