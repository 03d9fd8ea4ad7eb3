"""The output files of a job, read by one process or by several."""

import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from functools import partial
from itertools import islice
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

from bedrock_batch.lines import LineError
from bedrock_batch.manifest import ResultsError
from bedrock_batch.output_line import read_line
from bedrock_batch.results import Result
from bedrock_batch.source import unreadable

# Less than this is read before another process has started.
_WORTH_A_PROCESS = 32_000_000
_CHUNK_BYTES = 4_000_000
# Python reads 8 kB at a time, a few lines.
_BUFFER_BYTES = 256_000
Columns = list[list[Any]]


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


def read_files(files: Sequence[Path], processes: int, *, lines: bool = True) -> Iterator[Result]:
    """Read files, in their order.

    Raises
    ------
    ResultsError
        On the way, if a file cannot be read or a line is not as the service writes it.
    """
    chunks = [chunk for file in files for chunk in _chunks(file)]
    if processes < 2 or sum(chunk.end - chunk.start for chunk in chunks) < _WORTH_A_PROCESS:  # noqa: PLR2004 - alone
        return (result for chunk in chunks for result in _read(chunk, lines=lines))
    return _read_together(chunks, processes, partial(_packed, lines=lines))


def _chunks(file: Path) -> Iterator[Chunk]:
    try:
        size = file.stat().st_size
    except OSError as error:
        raise ResultsError(f"{file}: {unreadable(error)}") from None
    for start in range(0, max(size, 1), _CHUNK_BYTES):
        yield Chunk(file, start, min(start + _CHUNK_BYTES, size))


def _read(chunk: Chunk, *, lines: bool) -> Iterator[Result]:
    try:
        with chunk.file.open("rb", buffering=_BUFFER_BYTES) as file:
            # The line that the chunk before ends in belongs to that.
            file.seek(max(chunk.start - 1, 0))
            place = chunk.start and chunk.start - 1 + len(file.readline())
            while place < chunk.end and (line := file.readline()):
                result = read_line(line)
                if not lines:
                    result.line = b""
                yield result
                place += len(line)
    except OSError as error:
        raise ResultsError(f"{chunk.file}: {unreadable(error)}") from None
    except LineError as error:
        number = _line_number(chunk.file, place)
        raise ResultsError(f"{chunk.file}:{number}: {error.fact}; copy it from the output bucket again") from None


def _line_number(file: Path, place: int) -> int:
    with file.open("rb") as lines:
        number = 1
        while lines.tell() < place:
            lines.readline()
            number += 1
        return number


def _read_together(chunks: Sequence[Chunk], processes: int, read: Callable[[Chunk], Columns]) -> Iterator[Result]:
    waiting = iter(chunks)
    with ProcessPoolExecutor(processes, initializer=_die_quietly) as pool:
        # A few more than there are processes: none waits for work, and memory holds no more than these.
        running: deque[Future[Columns]] = deque(pool.submit(read, chunk) for chunk in islice(waiting, processes + 2))
        try:
            while running:
                yield from map(Result, *running.popleft().result())
                running.extend(pool.submit(read, chunk) for chunk in islice(waiting, 1))
        finally:
            for future in running:
                future.cancel()


def _packed(chunk: Chunk, *, lines: bool) -> Columns:
    # Lists of plain values go from process to process several times as fast as objects.
    results = list(_read(chunk, lines=lines))
    return [list(map(attrgetter(name), results)) for name in Result.__struct_fields__]


def _die_quietly() -> None:
    # A worker inherits the handlers of the command, which would tell of each worker's end.
    for signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, signal.SIG_DFL)
