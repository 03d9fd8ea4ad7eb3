"""The results of several jobs as one set, in which the newest success of a record counts."""

from __future__ import annotations

import pickle
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import blake2b
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING

from bedrock_batch.files.temporary_folder import place_of_temporary_files
from bedrock_batch.records.lines import LineError
from bedrock_batch.refusals import named
from bedrock_batch.results.batch import Batch, some_of
from bedrock_batch.results.input.lines import content_key
from bedrock_batch.results.job_results import require_ended
from bedrock_batch.results.parts import local_parts, part_of
from bedrock_batch.results.settled import Settled, settled
from bedrock_batch.results.tally import Ids, Tally

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from mypy_boto3_s3 import S3Client

    from bedrock_batch.jobs.job import Job
    from bedrock_batch.results.job_results import JobResults
    from bedrock_batch.results.parts import Part
    from bedrock_batch.results.result import Result, Status

# In the order in which they count.
_STATUSES: tuple[Status, ...] = ("succeeded", "failed", "missing")


@dataclass
class SeveralResults:
    """What several jobs have left, read as if one job had; open for reading once.

    A record is another job's too if both have its id and ask the same model the same; without an id, if they ask the
    same. Of each record the newest job's success counts; where no job has one, the newest failure. A job may have the
    same record several times: as many results of it count as the job has which has it most often.

    Attributes
    ----------
    parts : sequence of Part
        What each has left, the newest first.
    jobs : sequence of Job
        The jobs, the newest first; none for copies of their files.
    tally : Tally
        Whole when all batches have been read.
    notes : list of str
        What the reader should know; whole then, too.
    tokens : tuple of int
        Tokens read and written by all jobs, also for what does not count; whole then, too.
    index, manifest : None
        What `JobResults` has of its only job.
    """

    parts: Sequence[Part]
    jobs: Sequence[Job] = ()
    tally: Tally = field(default_factory=Tally)
    notes: list[str] = field(default_factory=list)
    tokens: tuple[int, int] = (0, 0)
    index: None = None
    manifest: None = None
    _disagreements: list[str] = field(default_factory=list)

    @property
    def has_several(self) -> bool:
        """Whether the results are of more than one job, as `JobResults` has it."""
        return len(self.parts) > 1

    @property
    def results(self) -> SeveralResults:
        """The results, as `JobResults` has them."""
        return self

    def disagreements(self) -> list[str]:
        """Say what does not add up, once all results have been read."""
        return [*self._disagreements, *Tally(missing=self.tally.missing).disagreements(None)]

    def __iter__(self) -> Iterator[Result]:
        """Read the results one at a time; raise as `batches` does."""
        for batch in self.batches():
            yield from batch

    def batches(self) -> Iterator[Batch]:
        """Read the results: what succeeded, job by job, then what only all jobs together can tell.

        Raises
        ------
        ResultsError
            As `JoinedResults.batches` does.
        OSError
            If there is no room for the latter.
        """
        with settled() as known, named(place_of_temporary_files()), TemporaryFile() as left:
            for number, part in enumerate(self.parts):
                for batch in self._of_part(part, number, known, left):
                    self.tally.count(batch)
                    yield batch
            # Only now it is known how often a job has each record, which others have, too.
            for status in _STATUSES:
                for keys, batch in _kept(left):
                    told, _ = _told(batch, keys, _having(batch, status), known)
                    self.tally.count(told)
                    yield told

    def _of_part(self, part: Part, number: int, known: Settled, left: IO[bytes]) -> Iterator[Batch]:
        with part.opened() as opened:
            self.notes += (f"job {part.job_id}: {note}" for note in opened.notes)
            for batch in opened.results.batches():
                keys = _keys(batch, part.model, opened)
                known.note(keys, number)
                told, rest = _told(batch, keys, _having(batch, "succeeded"), known)
                yield told
                _keep(batch, keys, [*rest, *_having(batch, "failed"), *_having(batch, "missing")], left)
            self._add_up(opened, part)

    def _add_up(self, opened: JobResults, part: Part) -> None:
        read, written = opened.tokens
        self.tokens = self.tokens[0] + read, self.tokens[1] + written
        # What another job has done is not missing; what none has done is counted at the end.
        opened.results.tally.missing = Ids()
        self._disagreements += (f"job {part.job_id}: {problem}" for problem in opened.disagreements())
        self.tally.add_faults(opened.results.tally)


@contextmanager
def open_several_results(s3: S3Client, jobs: Sequence[Job], *, processes: int = 1) -> Iterator[SeveralResults]:
    """Open what several jobs have left, to be copied from S3 one job after the other.

    Parameters
    ----------
    s3
        Client.
    jobs : sequence of Job
        Jobs that have ended: a job and those that tried its records again, those of a stack, or any others.
    processes : int
        As in `read_results`.

    Raises
    ------
    JobError
        If one has not ended.
    """
    for job in jobs:
        require_ended(job)
    newest_first = sorted(jobs, key=lambda job: job.submitted, reverse=True)
    yield SeveralResults([part_of(s3, job, processes=processes) for job in newest_first], newest_first)


@contextmanager
def open_several_local_results(output: Path, *, processes: int = 1) -> Iterator[SeveralResults]:
    """Open copies of what several jobs have left: those of a pipeline's run, or others.

    Their input is not read, so nothing can be said to be missing. Which job is the newest tell the times of the
    manifests, which copies with ``aws s3 sync`` keep.

    Parameters
    ----------
    output : pathlib.Path
        A copy of `<output URI>/`, in which each job has a folder.
    processes : int
        As in `read_results`.

    Raises
    ------
    ResultsError
        While the results are read, if files cannot be.
    """
    yield SeveralResults(local_parts(output, processes=processes))


def _keys(batch: Batch, model: str, opened: JobResults) -> list[str]:
    """Tell what each result is of: its model, its id if the user gave it, and what it asks."""
    index = opened.index
    ids = [
        record_id if record_id and (index is None or index.all_named or index.knows(record_id)) else ""
        for record_id in batch.record_id
    ]
    parts = zip(ids, map(_asked, batch.line), strict=True)
    return [blake2b("\0".join((model, *part)).encode(), digest_size=16).hexdigest() for part in parts]


def _asked(line: bytes) -> str:
    try:
        return content_key(line)
    except (LineError, KeyError):
        # Of a line that is not as the service writes it, which is no other record's.
        return line.hex()


def _having(batch: Batch, status: Status) -> list[int]:
    return [row for row, each in enumerate(batch.status) if each == status]


def _told(batch: Batch, keys: Sequence[str], rows: Sequence[int], known: Settled) -> tuple[Batch, list[int]]:
    """Take those of some results whose records are still without one; list the others, too."""
    taken = known.take([keys[row] for row in rows])
    told = [row for row, is_taken in zip(rows, taken, strict=True) if is_taken]
    return some_of(batch, told), [row for row, is_taken in zip(rows, taken, strict=True) if not is_taken]


def _keep(batch: Batch, keys: Sequence[str], rows: Sequence[int], file: IO[bytes]) -> None:
    if rows:
        pickle.dump(([keys[row] for row in rows], some_of(batch, rows)), file)


def _kept(file: IO[bytes]) -> Iterator[tuple[list[str], Batch]]:
    file.seek(0)
    while True:
        try:
            yield pickle.load(file)  # noqa: S301 - written above, in a file without a name
        except EOFError:
            return
