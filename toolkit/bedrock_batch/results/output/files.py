"""The output files of a job, read by one process or by several."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Protocol

from bedrock_batch.results.batch import Batch
from bedrock_batch.results.manifest import MANIFEST_NAME, ResultsError
from bedrock_batch.results.output.chunk import Chunk, chunks_of, read_chunk
from bedrock_batch.results.result import Result

#: How the names of output files end.
OUTPUT_FILES = "*.jsonl.out"
# Less than this is read before another process has started.
_WORTH_A_PROCESS = 32_000_000


class Reader(Protocol):
    """Reads the results that are open, once."""

    def __call__(self, *, lines: bool) -> Iterator[Batch]:
        """Read them, keeping their lines or not."""


def read_results(folder: Path, *, processes: int = 1, lines: bool = True) -> Iterator[Result]:
    """Read the results of a job, one at a time.

    Parameters
    ----------
    folder : pathlib.Path
        A copy of `<output URI>/<job id>/`, as "View the results of a batch inference job" lays it out
        (https://docs.aws.amazon.com/bedrock/latest/userguide/batch-inference-results.html). All `*.jsonl.out` files in
        it and in folders below are read, in the order of their names.
    processes : int
        How many processes share the work on large files, this one among them. Default: 1.
    lines : bool
        Whether results keep their line, which `model_input` and `model_output` need. Default: they do; several
        processes are faster without.

    Returns
    -------
    iterator of Result
        One for each line.

    Raises
    ------
    ResultsError
        At once if the folder has no results, or those of several jobs; on the way if a line is not as the service
        writes it.
    """
    return _results(_files_of(folder), folder, processes, lines=lines)


def _results(files: Sequence[Path], folder: Path, processes: int, *, lines: bool) -> Iterator[Result]:
    with open_files(files, folder, processes) as read:
        yield from chain.from_iterable(map(_without_odd_lines, read(lines=lines)))


def _without_odd_lines(batch: Batch) -> Iterator[Result]:
    yield from batch
    for line in batch.odd:
        raise ResultsError(f"{line}; copy it from the output bucket again, or use open_local_results, which goes on")


@contextmanager
def open_output_files(folder: Path, processes: int = 1) -> Iterator[Reader]:
    """Open the results of a job, for what reads them once: other processes start now, and can while the input is read.

    Parameters
    ----------
    folder, processes
        As in `read_results`.

    Yields
    ------
    callable
        Takes `lines`, as in `read_results`, and reads the results, many at a time, and with them which lines are not as
        the service writes them.

    Raises
    ------
    ResultsError
        At once if the folder has no results, or those of several jobs; on the way if a file cannot be read.
    """
    with open_files(_files_of(folder), folder, processes) as read:
        yield read


@contextmanager
def open_files(files: Sequence[Path], root: Path, processes: int) -> Iterator[Reader]:
    """Open files, to be read in their order.

    Raises
    ------
    ResultsError
        At once or on the way, if a file cannot be read.
    """
    chunks = [chunk for file in files for chunk in chunks_of(file, root)]
    if processes < 2 or sum(chunk.end - chunk.start for chunk in chunks) < _WORTH_A_PROCESS:  # noqa: PLR2004 - alone
        yield partial(_read, chunks, partial(map, read_chunk))
        return
    from bedrock_batch.files.workers import in_order, started  # noqa: PLC0415 - signals and processes, for much only

    # This process has as much to do with what they read.
    with started(read_chunk, processes - 1) as workers:
        yield partial(_read, chunks, partial(in_order, workers))


def _read(
    chunks: Sequence[Chunk], read_all: Callable[[Sequence[Chunk]], Iterator[Batch]], *, lines: bool
) -> Iterator[Batch]:
    return read_all([chunk._replace(lines=lines) for chunk in chunks])


def _files_of(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise ResultsError(f"{folder}: there is no such folder; name the copy of the job's output folder")
    jobs = sorted(manifest.parent.name for manifest in folder.rglob(MANIFEST_NAME))
    if len(jobs) > 1:
        raise ResultsError(f"{folder}: has the results of {len(jobs)} jobs ({', '.join(jobs)}); name the folder of one")
    files = sorted(folder.rglob(OUTPUT_FILES))
    if not files:
        raise ResultsError(f"{folder}: has no {OUTPUT_FILES} file; wait until the job ends, then copy its output again")
    return files
