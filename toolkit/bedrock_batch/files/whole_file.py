"""Files that are whole or not there, and what is no file."""

import os
import stat
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
        The file; one that is there is replaced. Of a link, it is the file that the link leads to, and the link stays.
        What is no file, such as a pipe or a device, is never replaced.

    Yields
    ------
    pathlib.Path
        The file to write, in the same folder. It is removed if the block is left by an error, or by Ctrl-C. In place of
        what is no file, its own name.

    Raises
    ------
    OSError
        If it cannot be written; with the file's own name.
    """
    if not may_be_replaced(path):
        with named(path):
            yield path
        return
    target = path.resolve() if path.is_symlink() else path
    partial = target.with_name(f".{target.name}.{os.getpid()}.part")
    with named(path, ours=partial):
        try:
            yield partial
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)


def may_be_replaced(path: Path) -> bool:
    """Say whether another file may take the name: one of a file, or of nothing yet."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except FileNotFoundError:
        return True
    except OSError:
        # Such as a link that leads in a circle. Who opens it learns why.
        return False
