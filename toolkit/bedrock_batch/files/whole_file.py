"""Files that are whole or not there."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bedrock_batch.refusals import named


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Write a file under another name, and give it its own when it is done.

    Parameters
    ----------
    path : pathlib.Path
        The file; one that is there is replaced.

    Yields
    ------
    pathlib.Path
        The file to write, in the same folder. It is removed if the block is left by an error, or by Ctrl-C.

    Raises
    ------
    OSError
        If it cannot be written; with the file's own name.
    """
    if not path.name:
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    with named(path, ours=partial):
        try:
            yield partial
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
