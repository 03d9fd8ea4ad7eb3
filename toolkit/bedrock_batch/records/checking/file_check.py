"""One file of a job: its name, its lines, its size."""

from dataclasses import dataclass, replace
from heapq import merge
from operator import attrgetter

from bedrock_batch.files.unreadable import unreadable
from bedrock_batch.records.check_report import SHOWN, CheckReport, Findings, Problem
from bedrock_batch.records.checking.ids.file_ids import FileIds
from bedrock_batch.records.checking.ids.record_ids import RecordIds
from bedrock_batch.records.checking.lines_found import BLANK, LinesFound
from bedrock_batch.records.checking.totals import file_problems, only_file_problems
from bedrock_batch.records.input.files import InputFile
from bedrock_batch.records.input.source import NoFileError
from bedrock_batch.records.limits import RecordLimits
from bedrock_batch.records.tokens import Texts
from bedrock_batch.values import shortened


@dataclass(frozen=True)
class FileOutcome:
    """What became of one file.

    Attributes
    ----------
    report : CheckReport
        What was found.
    ids : FileIds
        The ids of its lines.
    readable : bool
        Whether its lines could be read at all.
    """

    report: CheckReport
    ids: FileIds
    readable: bool


class FileCheck:
    """What is found in a file, put together from what is found in its lines: here is known which lines these are.

    Parameters
    ----------
    file : InputFile
        The file.
    limits : RecordLimits
        How much there may be.
    """

    def __init__(self, file: InputFile, limits: RecordLimits) -> None:
        self._findings, self._limits = Findings(file.name), limits
        for message in file.name_problems:
            self._findings.add(message)
        self._ids = RecordIds(limits.records_per_file)
        self._lines = self._records = self._size = 0
        self._texts = Texts()
        self._blank: int | None = None
        self._error: Exception | None = None

    def add(self, found: LinesFound) -> None:
        """Take in what is found in the next lines. After an error there are none."""
        if self._error:
            return
        self._size = self._size or found.size
        self._texts = self._texts.and_of(found.texts)
        problems = merge(self._problems(found), self._repeated(found), key=attrgetter("line"))
        for problem in problems:
            self._findings.add(problem.message, problem.line, problem.column)
        self._findings.hidden += found.findings.hidden
        for warning in found.findings.warnings:
            self._findings.warn(warning.message, self._lines + (warning.line or 0), warning.column)
        self._findings.hidden_warnings += found.findings.hidden_warnings
        self._lines += len(found.ids.numbers)
        self._records += found.records
        self._error = found.error

    def outcome(self, *, alone: bool) -> FileOutcome:
        """Close the check; ``alone`` says whether the file is all that the job reads."""
        if self._error is None:
            totals = only_file_problems if alone else file_problems
            for message in totals(self._records, self._size, self._limits):
                self._findings.add(message)
        elif isinstance(self._error, OSError):
            self._findings.cannot_read(unreadable(self._error))
        elif isinstance(self._error, NoFileError):
            self._findings.cannot_read(str(self._error))
        else:
            self._findings.add(str(self._error))
        return FileOutcome(
            self._findings.report(self._records, self._size, self._texts),
            self._ids.of_file(),
            readable=self._error is None,
        )

    def _problems(self, found: LinesFound) -> list[Problem]:
        problems = [replace(problem, line=self._lines + (problem.line or 0)) for problem in found.findings.of_lines]
        begins_blank = found.beginning.blank if found.records else found.blank
        self._blank = self._blank or (begins_blank and self._lines + begins_blank)
        if found.records:
            if self._blank:
                problems.insert(found.beginning.problems, Problem(self._findings.file, self._blank, BLANK))
            self._blank = found.blank and self._lines + found.blank
        return problems

    def _repeated(self, found: LinesFound) -> list[Problem]:
        lines = self._ids.add(found.ids)
        # To say it takes longer than to notice.
        room = SHOWN - len(self._findings.of_lines)
        self._findings.hidden += len(lines[room:])
        return [self._as_repeated(self._lines + line, str(found.ids.text(line))) for line in lines[:room]]

    def _as_repeated(self, line: int, record_id: str) -> Problem:
        there = f"'recordId' {shortened(record_id)} is already that of line {self._ids.first_line(line)}"
        change = "and results are told apart by it; give each record an id of its own"
        return Problem(self._findings.file, line, f"{there}, {change}")
