"""A folder for files that are gone afterwards."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bedrock_batch.errors import BedrockBatchError
from bedrock_batch.refusals import named


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Make a folder where the environment wants temporary files to be, and remove it at the end.

    Yields
    ------
    pathlib.Path
        The folder.

    Raises
    ------
    BedrockBatchError
        If there is no place for it.
    OSError
        If something in it cannot be written; with the name of the folder of all temporary files.
    """
    with named(place_of_temporary_files()), tempfile.TemporaryDirectory(prefix="bedrock-batch-") as name:
        folder = Path(name)
        with named(place_of_temporary_files(), ours=folder):
            yield folder


def place_of_temporary_files() -> str:
    """Name the folder of all temporary files, and what chooses it.

    Raises
    ------
    BedrockBatchError
        If there is none that can be written to, for instance because every disk is full.
    """
    try:
        return f"{tempfile.gettempdir()} (TMPDIR)"
    except FileNotFoundError:
        raise BedrockBatchError(
            "no folder for temporary files can be written to; make room, or set TMPDIR to a folder that has some"
        ) from None
