"""A part of an output file, which one process reads."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from bedrock_batch.records.input.source import unreadable
from bedrock_batch.records.lines import LineError
from bedrock_batch.results.batch import Batch
from bedrock_batch.results.manifest import ResultsError
from bedrock_batch.results.output.lines import read_lines

_CHUNK_BYTES = 4_000_000
# What a few lines become stays in the processor's cache, and is gone before Python looks for garbage.
_PART_BYTES = 64_000


class Chunk(NamedTuple):
    """A part of a file: the lines that begin in it.

    Attributes
    ----------
    file : pathlib.Path
        The file.
    start, end : int
        Where it begins, and where the next one does, in bytes.
    """

    file: Path
    start: int
    end: int


def chunks_of(file: Path) -> Iterator[Chunk]:
    """Divide a file into chunks.

    Raises
    ------
    ResultsError
        If it cannot be read.
    """
    try:
        size = file.stat().st_size
    except OSError as error:
        raise ResultsError(f"{file}: {unreadable(error)}") from None
    for start in range(0, max(size, 1), _CHUNK_BYTES):
        yield Chunk(file, start, min(start + _CHUNK_BYTES, size))


def read_chunk(chunk: Chunk, *, lines: bool) -> Iterator[Batch]:
    """Read the results of a chunk, a few lines at a time.

    Parameters
    ----------
    chunk : Chunk
        The chunk.
    lines : bool
        Whether results keep their line.

    Raises
    ------
    ResultsError
        On the way, if the file cannot be read or a line is not as the service writes it.
    """
    try:
        for place, part in _parts(chunk):
            yield from _results(chunk.file, place, part, lines=lines)
    except OSError as error:
        raise ResultsError(f"{chunk.file}: {unreadable(error)}") from None


def _parts(chunk: Chunk) -> Iterator[tuple[int, list[bytes]]]:
    with chunk.file.open("rb") as file:
        # The line that the chunk before ends in belongs to that.
        file.seek(max(chunk.start - 1, 0))
        place = chunk.start and chunk.start - 1 + len(file.readline())
        while place < chunk.end and (part := file.read(min(_PART_BYTES, chunk.end - place))):
            if not part.endswith(b"\n"):
                part += file.readline()
            yield place, BytesIO(part).readlines()
            place += len(part)


def _results(file: Path, place: int, part: Sequence[bytes], *, lines: bool) -> Iterator[Batch]:
    try:
        yield read_lines(part, kept=lines)
    except LineError as error:
        if len(part) == 1:
            number = _line_number(file, place)
            raise ResultsError(f"{file}:{number}: {error.fact}; copy it from the output bucket again") from None
        for line in part:
            yield from _results(file, place, [line], lines=lines)
            place += len(line)


def _line_number(file: Path, place: int) -> int:
    with file.open("rb") as lines:
        number = 1
        while lines.tell() < place:
            lines.readline()
            number += 1
        return number
