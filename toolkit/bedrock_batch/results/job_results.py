"""All that a job has left: its results beside its input, and its manifest."""

from __future__ import annotations

from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bedrock_batch.files.s3_folder import download
from bedrock_batch.files.s3_uri import S3Uri
from bedrock_batch.files.temporary_folder import temporary_folder
from bedrock_batch.jobs.job import Job, JobError
from bedrock_batch.records.input.source import SUFFIX
from bedrock_batch.results.input.index import InputIndex, open_input
from bedrock_batch.results.joined import JoinedResults
from bedrock_batch.results.manifest import MANIFEST_NAME, Manifest, ResultsError, read_manifest
from bedrock_batch.results.output.files import Reader, open_output_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from mypy_boto3_s3 import S3Client

    from bedrock_batch.results.batch import Batch

_OUTPUT_SUFFIXES = (f"{SUFFIX}.out", MANIFEST_NAME)


@dataclass(frozen=True)
class JobResults:
    """What a job has left, open for reading once.

    Attributes
    ----------
    results : JoinedResults
        The results, each with its place in the input.
    index : InputIndex or None
        The input; None if it was not given, or can no longer be read.
    manifest : Manifest or None
        The service's counts; None if there is no manifest.
    notes : tuple of str
        What the reader of the results should know before them.
    job : Job or None
        The job; None for copies of its files.
    manifest_fault : str or None
        Why the counts of a manifest that is there cannot be read; None if they can, or it is not there.
    """

    results: JoinedResults
    index: InputIndex | None
    manifest: Manifest | None
    notes: tuple[str, ...] = ()
    job: Job | None = None
    manifest_fault: str | None = None

    @property
    def jobs(self) -> tuple[Job, ...]:
        """The job, as `SeveralResults` has them; nothing for copies of its files."""
        return (self.job,) if self.job else ()

    @property
    def has_several(self) -> bool:
        """Whether the results are of more than one job: never, as only `SeveralResults` may be."""
        return False

    @property
    def tokens(self) -> tuple[int, int]:
        """Tokens read and written, once all results have been read; a manifest counts those of failed records too."""
        manifest, tally = self.manifest, self.results.tally
        if manifest is None or manifest.input_token_count is None:
            return tally.input_tokens, tally.output_tokens
        return manifest.input_token_count, manifest.output_token_count or 0

    def disagreements(self) -> list[str]:
        """Say what does not add up, once all results have been read."""
        tally = self.results.tally
        if self.manifest_fault:
            return tally.disagreements(None, self.manifest_fault)
        return tally.disagreements(self.manifest)


def _nobody(_bytes: int) -> None:
    pass


@contextmanager
def open_job_results(
    s3: S3Client, job: Job, *, progress: Callable[[int], None] = _nobody, processes: int = 1, lines: bool = True
) -> Iterator[JobResults]:
    """Copy the output and the input of a job to a temporary folder, and open them.

    Parameters
    ----------
    s3
        Client.
    job : Job
        A job that has ended, whatever its end was.
    progress : callable
        Told of bytes as they arrive. Default: nobody is.
    processes, lines
        As in `read_results`.

    Raises
    ------
    JobError
        If the job has not ended.
    ResultsError
        If its files cannot be read; also while the results are read.
    botocore.exceptions.ClientError
        If the output cannot be read. An input that cannot be read is a note, not an error.
    """
    require_ended(job)
    with temporary_folder() as folder, ExitStack() as stack:
        output, input = folder / "output", folder / "input"  # noqa: A001 - the job's own words
        notes = []
        if not download(s3, S3Uri.parse(job.output_uri), output, _OUTPUT_SUFFIXES, progress):
            notes.append(f"the job is {job.status} and has written nothing to {job.output_uri}")
        there = any(output.rglob(f"*{SUFFIX}.out"))
        read = stack.enter_context(open_output_files(output, processes)) if there else None
        index = None
        if problem := _fetch_input(s3, job, input, progress):
            notes.append(problem)
        else:
            index = stack.enter_context(open_input(sorted(input.rglob(f"*{SUFFIX}")), input))
        results = _results(read, index, lines=lines) if read else ()
        manifest, fault = _manifest(output)
        yield JobResults(JoinedResults(results, index, job.id), index, manifest, tuple(notes), job, fault)


@contextmanager
def open_local_results(
    output: Path,
    inputs: Sequence[Path] = (),
    *,
    job_id: str | None = None,
    processes: int = 1,
    lines: bool = True,
) -> Iterator[JobResults]:
    """Open copies of a job's output and input.

    Parameters
    ----------
    output : pathlib.Path
        A copy of `<output URI>/<job id>/`.
    inputs : sequence of pathlib.Path
        Files, or one folder, of the input. Default: the results are read without it, so none can be missing.
    job_id : str
        The id of the job, which its results then have. Default: it is not known.
    processes, lines
        As in `read_results`.

    Raises
    ------
    ResultsError
        If files are missing or cannot be read; also while the results are read.
    """
    with ExitStack() as stack:
        # A folder without results is refused before the input is read.
        read = stack.enter_context(open_output_files(output, processes))
        index = stack.enter_context(_open_local_input(inputs)) if inputs else None
        results = _results(read, index, lines=lines)
        manifest, fault = _manifest(output)
        yield JobResults(JoinedResults(results, index, job_id), index, manifest, manifest_fault=fault)


def require_ended(job: Job) -> None:
    """Refuse a job that has not ended, whose output is not whole.

    Raises
    ------
    JobError
        If it has not.
    """
    if not job.ended:
        raise JobError(f"job {job.id} is {job.status}, and its output is whole when it has ended; wait, or stop it")


def _open_local_input(inputs: Sequence[Path]) -> AbstractContextManager[InputIndex]:
    files = [file for path in inputs for file in (sorted(path.rglob(f"*{SUFFIX}")) if path.is_dir() else [path])]
    if not files:
        raise ResultsError(f"{inputs[0]}: has no {SUFFIX} file; name the input that the job had")
    root = inputs[0] if inputs[0].is_dir() else inputs[0].parent
    return open_input(files, root)


def _results(read: Reader, index: InputIndex | None, *, lines: bool) -> Iterator[Batch]:
    return read(lines=lines or (index is not None and index.needs_lines))


def _manifest(output: Path) -> tuple[Manifest | None, str | None]:
    found = next(output.rglob(MANIFEST_NAME), None)
    try:
        return (read_manifest(found.parent) if found else None), None
    except ResultsError as error:
        return None, f"{str(error).removeprefix(f'{output}/')}; its counts are not compared"


def _fetch_input(s3: S3Client, job: Job, folder: Path, progress: Callable[[int], None]) -> str | None:
    """Copy the input; say why if that cannot be."""
    from botocore.exceptions import ClientError  # noqa: PLC0415 - slow to import

    try:
        found = download(s3, S3Uri.parse(job.input_uri), folder, (SUFFIX,), progress)
    except ClientError as error:
        return f"the input {job.input_uri} cannot be read, so nothing can be said to be missing: {error}"
    return None if found else f"the input {job.input_uri} is gone, so nothing can be said to be missing"
