"""All files of a job: each checked on its own, then what they are together."""

import os
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Protocol

from bedrock_batch.records.check_report import CheckReport, Findings, joined
from bedrock_batch.records.checking.families import family_of
from bedrock_batch.records.checking.file_check import FileOutcome, check_file
from bedrock_batch.records.checking.model_name import name_warnings
from bedrock_batch.records.checking.repeats import repeat_warnings
from bedrock_batch.records.checking.totals import job_problems
from bedrock_batch.records.input.files import InputFile, files_of
from bedrock_batch.records.input.local import LocalFile
from bedrock_batch.records.limits import RecordLimits

# Less than this is checked before another process has started.
_WORTH_A_PROCESS = 150_000_000

Progress = Callable[[int], object]


class Work(Protocol):
    """What is done to each file."""

    def __call__(self, file: InputFile, *, progress: Progress = ...) -> FileOutcome:
        """Check it."""


class JobCheck:
    """The check of a job's input.

    Parameters
    ----------
    limits : RecordLimits
        How much there may be.
    model, invocation_type : str or None
        What the bodies are for.

    Raises
    ------
    BedrockBatchError
        If the invocation type is unknown.
    """

    def __init__(self, limits: RecordLimits, model: str | None, invocation_type: str | None) -> None:
        self._limits = limits
        self._family = family_of(model, invocation_type)
        self._of_the_name = list(name_warnings(model, converse=invocation_type == "Converse"))

    def run(
        self, paths: Sequence[str | os.PathLike[str]], *, s3_client: object, processes: int, progress: Progress
    ) -> CheckReport:
        """Check all that the paths name."""
        whole = Findings(os.fspath(paths[0]) if len(paths) == 1 else "the input")
        files = [file for path in paths for file in files_of(path, s3_client, whole)]
        if not paths:
            whole.add("names no file; name at least one")
        for warning in self._of_the_name:
            whole.warn(warning)
        work = partial(check_file, limits=self._limits, family=self._family, alone=len(files) == 1)
        outcomes = list(_outcomes(work, files, processes, progress))
        report = joined([outcome.report for outcome in outcomes], whole)
        if len(files) == 1 or whole.of_file or not all(outcome.readable for outcome in outcomes):
            return report
        for problem in job_problems(report.records, report.bytes, self._limits):
            whole.add(problem)
        for warning in repeat_warnings(files, [outcome.ids for outcome in outcomes]):
            whole.warn(warning)
        return joined([outcome.report for outcome in outcomes], whole)


def _outcomes(work: Work, files: Sequence[InputFile], processes: int, progress: Progress) -> Iterator[FileOutcome]:
    workers = min(processes, len(files))
    if workers < 2 or not _are_worth_a_process(files):  # noqa: PLR2004 - one is this process
        for file in files:
            yield work(file, progress=progress)
        return
    from bedrock_batch.files.workers import spread  # noqa: PLC0415 - signals and processes, for large files only

    outcomes: dict[int, FileOutcome] = {}
    for position, outcome in spread(work, files, workers):
        progress(outcome.report.bytes)
        outcomes[position] = outcome
    yield from (outcomes[position] for position in range(len(files)))


def _are_worth_a_process(files: Sequence[InputFile]) -> bool:
    return all(isinstance(file, LocalFile) for file in files) and sum(map(_size, files)) >= _WORTH_A_PROCESS


def _size(file: InputFile) -> int:
    try:
        return file.size()
    except OSError:  # What is wrong with it is said by whoever opens it.
        return 0
