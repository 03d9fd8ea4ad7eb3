"""Files that are whole or not there."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


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
    """
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield partial
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
