"""Results in the order of the records that they belong to, in bounded memory."""

from __future__ import annotations

import pickle
from array import array
from itertools import chain, islice
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING

from bedrock_batch.files.temporary_folder import place_of_temporary_files
from bedrock_batch.refusals import named
from bedrock_batch.results.batch import batch_of
from bedrock_batch.results.manifest import ResultsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bedrock_batch.results.batch import Batch
    from bedrock_batch.results.input.index import InputIndex
    from bedrock_batch.results.job_results import JobResults
    from bedrock_batch.results.result import Result
    from bedrock_batch.results.several_jobs import SeveralResults

_BATCH_RESULTS = 2_000


def in_input_order(job_results: JobResults | SeveralResults) -> Iterator[Batch]:
    """Read the results of a job in the order of its input, those that belong to no record of it last.

    They are kept in a temporary file until the last has come; memory holds eight bytes for each record.

    Parameters
    ----------
    job_results : JobResults or SeveralResults
        What the job has left, not yet read; several jobs are refused.

    Raises
    ------
    ResultsError
        If the input is not there, or as `JoinedResults.batches` does.
    OSError
        If there is no room for them.
    """
    if job_results.has_several:
        raise ResultsError("the results of several jobs have no order of one input; read them one job at a time")
    index = job_results.index
    if index is None:
        reason = job_results.notes[-1] if job_results.notes else "it is not given; name it"
        raise ResultsError(f"the order of the input cannot be told without the input: {reason}")
    with named(place_of_temporary_files()), TemporaryFile() as file:
        starts = _write(job_results.results.batches(), index, file)
        while batch := batch_of(_read(file, start) for start in islice(starts, _BATCH_RESULTS)):
            yield batch


def _write(batches: Iterable[Batch], index: InputIndex, file: IO[bytes]) -> Iterator[int]:
    """Write results as they come; tell where each one is, in the order of the input."""
    # No result begins at 0.
    file.write(b"\0")
    places, rest = array("Q", bytes(8 * index.total)), array("Q")
    for result in chain.from_iterable(batches):
        if result.input_file is None or result.input_line is None:
            rest.append(file.tell())
        else:
            places[index.number_of(result.input_file, result.input_line)] = file.tell()
        pickle.dump(result, file)
    return chain(filter(None, places), rest)


def _read(file: IO[bytes], start: int) -> Result:
    file.seek(start)
    result: Result = pickle.load(file)  # noqa: S301 - written above, in a file without a name
    return result
