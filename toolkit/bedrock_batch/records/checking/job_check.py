"""All files of a job: each checked on its own, then what they are together."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import chain, islice

from bedrock_batch.records.check_report import CheckReport, Findings, joined
from bedrock_batch.records.checking.families import family_of
from bedrock_batch.records.checking.file_check import FileCheck, FileOutcome
from bedrock_batch.records.checking.ids.repeats import repeat_warnings
from bedrock_batch.records.checking.lines_found import LinesFound
from bedrock_batch.records.checking.model_name import name_warnings
from bedrock_batch.records.checking.part_check import check_part, checked_part
from bedrock_batch.records.checking.totals import job_problems
from bedrock_batch.records.input.files import InputFile, files_of
from bedrock_batch.records.input.local import LocalFile, as_others_see
from bedrock_batch.records.input.part import FilePart, parts_of
from bedrock_batch.records.limits import RecordLimits
from bedrock_batch.records.tokens import SAMPLE_BYTES, SAMPLE_FILES

# Less than this is checked before another process has started.
_WORTH_A_PROCESS = 300_000_000

Progress = Callable[[int], object]


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
        with self._found(files, processes) as found_in_files:
            outcomes = [
                self._outcome(file, found, progress, alone=len(files) == 1)
                for file, found in zip(files, found_in_files, strict=True)
            ]
        report = joined([outcome.report for outcome in outcomes], whole)
        if len(files) == 1 or whole.of_file or not all(outcome.readable for outcome in outcomes):
            return report
        for problem in job_problems(report.records, report.bytes, self._limits):
            whole.add(problem)
        for warning in repeat_warnings(files, [outcome.ids for outcome in outcomes]):
            whole.warn(warning)
        return joined([outcome.report for outcome in outcomes], whole)

    def _outcome(
        self, file: InputFile, lines_found: Iterable[LinesFound], progress: Progress, *, alone: bool
    ) -> FileOutcome:
        check = FileCheck(file, self._limits)
        for found in lines_found:
            check.add(found)
            progress(found.bytes)
        return check.outcome(alone=alone)

    @contextmanager
    def _found(self, files: Sequence[InputFile], processes: int) -> Iterator[Iterable[Iterable[LinesFound]]]:
        """Open files: what is found in the lines of each, one file after the other."""
        parts = _divided(files) if processes > 1 else None
        if parts is None:
            whole = [[FilePart(file)] for file in files]
            yield (check_part(part, limits=self._limits, family=self._family) for (part,) in _sampled(whole))
            return
        from bedrock_batch.files.workers import in_order, started  # noqa: PLC0415 - signals and processes, for much only

        work = partial(checked_part, limits=self._limits, family=self._family)
        tasks = list(chain.from_iterable(_sampled(parts)))
        with started(work, min(processes, len(tasks))) as workers:
            found = in_order(workers, tasks)
            yield (chain.from_iterable(islice(found, len(of_file))) for of_file in parts)


def _divided(files: Sequence[InputFile]) -> list[list[FilePart]] | None:
    """Divide files among processes; None if that is not worth one, or if no other can read them."""
    local = [seen for file in files if isinstance(file, LocalFile) and (seen := as_others_see(file))]
    if len(local) < len(files) or sum(map(_size, local)) < _WORTH_A_PROCESS:
        return None
    return [parts_of(file) for file in local]


def _sampled(parts: Sequence[Sequence[FilePart]]) -> Iterator[list[FilePart]]:
    """Mark the first parts of the first files, whose texts are counted."""
    for number, of_file in enumerate(parts):
        yield [each._replace(is_sampled=number < SAMPLE_FILES and each.start < SAMPLE_BYTES) for each in of_file]


def _size(file: InputFile) -> int:
    try:
        return file.size()
    except (OSError, ValueError):  # What is wrong with it is said by whoever opens it.
        return 0
