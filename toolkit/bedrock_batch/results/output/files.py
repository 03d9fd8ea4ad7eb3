"""The output files of a job, read by one process or by several."""

import signal
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain, islice
from pathlib import Path

from bedrock_batch.interruptions import INTERRUPTIONS, uninterrupted
from bedrock_batch.results.batch import Batch
from bedrock_batch.results.manifest import MANIFEST_NAME, ResultsError
from bedrock_batch.results.output.chunk import Chunk, chunks_of, read_chunk
from bedrock_batch.results.result import Result

_OUTPUT_FILES = "*.jsonl.out"
# Less than this is read before another process has started.
_WORTH_A_PROCESS = 32_000_000


def read_results(folder: Path, *, processes: int = 1, lines: bool = True) -> Iterator[Result]:
    """Read the results of a job, one at a time.

    Parameters
    ----------
    folder : pathlib.Path
        A copy of `<output URI>/<job id>/`, as "View the results of a batch inference job" lays it out
        (https://docs.aws.amazon.com/bedrock/latest/userguide/batch-inference-results.html). All `*.jsonl.out` files in
        it and in folders below are read, in the order of their names.
    processes : int
        How many processes read large files. With more than one, the script that calls this needs the guard
        ``if __name__ == "__main__"`` of the module `multiprocessing`. Default: 1, this process.
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
    return chain.from_iterable(read_output(folder, processes=processes, lines=lines))


def read_output(folder: Path, *, processes: int = 1, lines: bool = True) -> Iterator[Batch]:
    """Read the results of a job, a few lines at a time.

    Parameters
    ----------
    folder, processes, lines
        As in `read_results`.

    Raises
    ------
    ResultsError
        As in `read_results`.
    """
    if not folder.is_dir():
        raise ResultsError(f"{folder}: there is no such folder; name the copy of the job's output folder")
    jobs = sorted(manifest.parent.name for manifest in folder.rglob(MANIFEST_NAME))
    if len(jobs) > 1:
        raise ResultsError(f"{folder}: has the results of {len(jobs)} jobs ({', '.join(jobs)}); name the folder of one")
    files = sorted(folder.rglob(_OUTPUT_FILES))
    if not files:
        raise ResultsError(
            f"{folder}: has no {_OUTPUT_FILES} file; wait until the job ends, then copy its output again"
        )
    return read_files(files, processes, lines=lines)


def read_files(files: Sequence[Path], processes: int, *, lines: bool = True) -> Iterator[Batch]:
    """Read files, in their order.

    Raises
    ------
    ResultsError
        On the way, if a file cannot be read or a line is not as the service writes it.
    """
    chunks = [chunk for file in files for chunk in chunks_of(file)]
    if processes < 2 or sum(chunk.end - chunk.start for chunk in chunks) < _WORTH_A_PROCESS:  # noqa: PLR2004 - alone
        return (part for chunk in chunks for part in read_chunk(chunk, lines=lines))
    return _read_together(chunks, processes, lines=lines)


def _read_together(chunks: Sequence[Chunk], processes: int, *, lines: bool) -> Iterator[Batch]:
    waiting = iter(chunks)
    with ProcessPoolExecutor(processes, initializer=_outlive_interruptions) as pool:

        def submitted(most: int) -> Iterator[Future[list[Batch]]]:
            return (pool.submit(_read_whole, chunk, lines=lines) for chunk in islice(waiting, most))

        # A few more than there are processes: none waits for work, and memory holds no more than these.
        # Workers start with the handlers of the command, which are not for them.
        with uninterrupted():
            running = deque(submitted(processes + 2))
        try:
            while running:
                yield from running.popleft().result()
                running.extend(submitted(1))
        finally:
            for future in running:
                future.cancel()


def _read_whole(chunk: Chunk, *, lines: bool) -> list[Batch]:
    return list(read_chunk(chunk, lines=lines))


def _outlive_interruptions() -> None:
    # Ctrl-C reaches each worker too. One that died of it halfway through a result would keep the pool waiting for the
    # rest for ever; the command ends them, when their chunks are done.
    for signum in INTERRUPTIONS:
        signal.signal(signum, signal.SIG_IGN)
