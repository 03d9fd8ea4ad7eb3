"""A part of a file, which one process reads."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from typing import NamedTuple

from bedrock_batch.records.input.blocks import Source
from bedrock_batch.records.input.files import InputFile
from bedrock_batch.records.input.local import LocalFile
from bedrock_batch.records.input.source import SourceError, refuse_signature

# So many parts that all processes end at about the same time, and so few that nobody notices where they begin.
_PART_BYTES = 8_000_000
_LOOK_BYTES = 64 * 1024


class FilePart(NamedTuple):
    """The lines of a file that begin between two places; all, if these are left out.

    Attributes
    ----------
    file : InputFile
        The file.
    start : int
        Where the part begins, in bytes.
    end : int or None
        Where the next one does; None for the last, which ends with the file.
    is_sampled : bool
        Whether its first lines tell how much of the input is text. Default: they do not.
    """

    file: InputFile
    start: int = 0
    end: int | None = None
    is_sampled: bool = False

    @contextmanager
    def open(self) -> Iterator[Source]:
        """Open it at the beginning of its first line.

        Raises
        ------
        SourceError, OSError
            As the file does.
        """
        with self.file.open() as source:
            yield _Lines(source, self.start, self.end) if isinstance(source, FileIO) else source


def parts_of(file: LocalFile) -> list[FilePart]:
    """Divide a file. One that cannot be read, or that is no text, is a single part: whoever reads it says why."""
    try:
        with file.open() as source:
            refuse_signature(source.read(4))
        size = file.size()
    except (SourceError, OSError):
        return [FilePart(file)]
    starts = range(0, max(size, 1), _PART_BYTES)
    return [FilePart(file, start, None if start == starts[-1] else start + _PART_BYTES) for start in starts]


class _Lines:
    """Reads from the first line that begins in a part to the end of the last."""

    def __init__(self, file: FileIO, start: int, end: int | None) -> None:
        at = _line_start(file, start) if start else 0
        self._file = file
        self._left = sys.maxsize if end is None else end - at
        self._ended = self._left <= 0

    def read(self, size: int, /) -> bytes:
        """Read at most ``size`` bytes; none at the end."""
        if self._ended:
            return b""
        data = self._file.read(size)
        # The last line may go on for long after the place where the part ends.
        last = max(self._left - 1, 0)
        self._left -= len(data)
        if end := data.find(b"\n", last) + 1:
            self._ended = True
            return data[:end]
        return data


def _line_start(file: FileIO, start: int) -> int:
    # The line that the part before ends in belongs to that.
    at = file.seek(start - 1)
    while data := file.read(_LOOK_BYTES):
        if end := data.find(b"\n") + 1:
            return file.seek(at + end)
        at += len(data)
    return sys.maxsize
