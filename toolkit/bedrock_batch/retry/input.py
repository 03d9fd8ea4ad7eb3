"""The records of a job that deserve another try, as the input of another job."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from bedrock_batch.files.output import open_output
from bedrock_batch.results.input.index import InputIndex, Outcome
from bedrock_batch.results.manifest import ResultsError

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from bedrock_batch.results.job_results import JobResults

_FOR_NOW = frozenset({Outcome.MISSING, Outcome.FAILED_FOR_NOW})
_ALL = _FOR_NOW | {Outcome.FAILED}
# A reference to a file beside the records, which the service finds in the folder of the input only.
_MEDIA = b'"s3Location"'


@dataclass(frozen=True, kw_only=True)
class RetryInput:
    """The input of another try.

    Attributes
    ----------
    file : pathlib.Path or None
        The records, as they stood in the input; None if there are none.
    records : int
        How many they are.
    missing : int
        Those of them that the job never came to.
    failed : int
        Those of them that failed.
    left : int
        Records that failed, and would again.
    bytes : int
        The size of the file.
    digest : str
        A digest of the file: the same records make the same job.
    has_media : bool
        Whether a record refers to a file in S3, which has to lie in the folder of the input.
    """

    file: Path | None
    records: int
    missing: int
    failed: int
    left: int
    bytes: int
    digest: str
    has_media: bool


def write_retry(job_results: JobResults, file: Path, *, everything: bool = False) -> RetryInput:
    """Write the records that may succeed in another try: throttled, failed inside the service, out of time, or lost.

    Parameters
    ----------
    job_results : JobResults
        What the job has left, with its input.
    file : pathlib.Path
        Where to; one that is there is replaced, if there is a record to write.
    everything : bool
        Whether records that failed for another cause come too. Default: they would fail again.

    Raises
    ------
    ResultsError
        If the input cannot be read, or a file is not as the service writes it.
    OSError
        If the file cannot be written.
    """
    if job_results.index is None:
        reason = job_results.notes[-1] if job_results.notes else "its input is not given"
        raise ResultsError(f"a record cannot be tried again without the job's input: {reason}")
    for _ in job_results.results.batches():
        pass
    outcomes = job_results.index.outcomes
    wanted = _ALL if everything else _FOR_NOW
    counts = {outcome: outcomes.count(outcome) for outcome in Outcome}
    records = sum(counts[outcome] for outcome in wanted)
    size, digest, has_media = _copy(job_results.index, file, wanted) if records else (0, "", False)
    return RetryInput(
        file=file if records else None,
        records=records,
        missing=counts[Outcome.MISSING],
        failed=records - counts[Outcome.MISSING],
        left=0 if everything else counts[Outcome.FAILED],
        bytes=size,
        digest=digest,
        has_media=has_media,
    )


def _copy(index: InputIndex, file: Path, wanted: Collection[int]) -> tuple[int, str, bool]:
    size, digest, has_media = 0, sha256(), False
    with open_output(file) as output:
        for record in index.records():
            if index.outcomes[record.number] in wanted:
                line = record.content.rstrip(b"\r\n") + b"\n"
                output.write(line)
                digest.update(line)
                size += len(line)
                has_media = has_media or _MEDIA in line
    return size, digest.hexdigest(), has_media
