"""What the server of a local AWS notes in its log for whoever deploys: models that it is not sure of, or refuses."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from bedrock_local.bedrock.models.batch_models import NOTE
from bedrock_local.log import log_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@contextmanager
def notes(directory: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Tell after the context what was noted meanwhile, each once; also if the context fails.

    Parameters
    ----------
    directory
        That of the local AWS.
    say
        Tells a line.
    """
    before = len(_lines(directory))
    try:
        yield
    finally:
        for note in dict.fromkeys(line[line.index(NOTE) :] for line in _lines(directory)[before:] if NOTE in line):
            say(note)


def _lines(directory: Path) -> list[str]:
    # Somebody may have removed it.
    with suppress(FileNotFoundError):
        return log_file(directory).read_text(encoding="utf-8", errors="replace").splitlines()
    return []
