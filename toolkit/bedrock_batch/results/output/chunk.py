"""A part of an output file, which one process reads."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from bedrock_batch.files.unreadable import unreadable
from bedrock_batch.results.batch import Batch, one_batch
from bedrock_batch.results.manifest import ResultsError
from bedrock_batch.results.odd_lines import OddLine
from bedrock_batch.results.output.lines import read_lines

# What a process has in memory at a time.
_CHUNK_BYTES = 2_000_000
# What a few lines become stays in the processor's cache, and is gone before Python looks for garbage.
_PART_BYTES = 200_000


class Chunk(NamedTuple):
    """A part of a file: the lines that begin in it.

    Attributes
    ----------
    file : pathlib.Path
        The file.
    start, end : int
        Where it begins, and where the next one does, in bytes.
    name : str
        What the user knows the file by.
    lines : bool
        Whether results keep their line.
    """

    file: Path
    start: int
    end: int
    name: str
    lines: bool = True


def chunks_of(file: Path, root: Path) -> Iterator[Chunk]:
    """Divide a file into chunks.

    Parameters
    ----------
    file : pathlib.Path
        The file.
    root : pathlib.Path
        The folder that its name is told from.

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
        yield Chunk(file, start, min(start + _CHUNK_BYTES, size), file.relative_to(root).as_posix())


def read_chunk(chunk: Chunk) -> Batch:
    """Read the results of a chunk.

    Raises
    ------
    ResultsError
        If the file cannot be read.
    """
    try:
        return one_batch(_results(chunk, start, part) for start, part in _parts(chunk))
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


def _results(chunk: Chunk, start: int, lines: Sequence[bytes]) -> Batch:
    batch, odd = read_lines(lines, kept=chunk.lines)
    batch.odd = [
        OddLine(chunk.file, chunk.name, start + sum(map(len, lines[:row])), fact) for row, fact in sorted(odd.items())
    ]
    return batch
