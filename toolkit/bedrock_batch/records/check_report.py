"""What a check found."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce

from bedrock_batch.records.tokens import NO_TEXTS, Texts
from bedrock_batch.values import counted, visible

#: Enough to see the pattern; a wrong export breaks every line of a file in the same way.
SHOWN = 20


@dataclass(frozen=True)
class Problem:
    """One thing to change before the service takes the input.

    Attributes
    ----------
    file : str
        The file, folder or S3 URI, as it was named to the check.
    line : int or None
        Its line, from 1; None for a problem of the whole file.
    message : str
        What is wrong, and what to change.
    column : int or None
        Where in the line, in characters from 1; None for a problem of the whole line.
    """

    file: str
    line: int | None
    message: str
    column: int | None = None

    def __str__(self) -> str:
        places = (self.file, self.line, self.column)
        return visible(f"{':'.join(str(place) for place in places if place is not None)}: {self.message}")


@dataclass(frozen=True)
class CheckReport:
    """The outcome of a check; printed, it is one problem a line and then what is there.

    Attributes
    ----------
    records : int
        How many lines hold something, good or not.
    bytes : int
        The size of the files; 0 for one that cannot be read.
    problems : tuple of Problem
        Problems of the whole input first, then those of its lines: the first 20 of each file.
    hidden : int
        How many more problems the lines have.
    warnings : tuple of Problem
        What is likely to go wrong, though AWS does not say so: the first 20 of each file.
    hidden_warnings : int
        How many more warnings the lines have.
    unread : int
        How many of the places that were named could not be read at all: no such file, no permission, a pipe, a folder
        without input. Each is a problem, too.
    sampled : Texts
        How much text the lines have that tokens are estimated by: the first MiB of each of the first 20 files.
    """

    records: int
    bytes: int
    problems: tuple[Problem, ...]
    hidden: int
    warnings: tuple[Problem, ...] = ()
    hidden_warnings: int = 0
    unread: int = 0
    sampled: Texts = NO_TEXTS

    @property
    def ok(self) -> bool:
        """Whether the input can go to the service."""
        return not self.problems

    @property
    def estimated_tokens(self) -> int:
        """Roughly how many input tokens will be paid for: one for every 4 bytes of text in the bodies.

        That is the usual figure for English text; what other texts are is measured in docs/plan.md. Media are not
        counted. What is more than was sampled is supposed to be alike.
        """
        return self.sampled.tokens(self.bytes)

    @property
    def summary(self) -> str:
        """What is there, in a line."""
        found = len(self.problems) + self.hidden
        problems = counted(found, "problem") if found else "no problems"
        tokens = f"about {counted(self.estimated_tokens, 'token')} of text"
        return f"{counted(self.records, 'record')}, {counted(self.bytes, 'byte')}, {tokens}: {problems}"

    def __str__(self) -> str:
        lines = [str(problem) for problem in self.problems]
        lines += [f"and {counted(self.hidden, 'more problem')} like these"] if self.hidden else []
        lines += [_as_warning(warning) for warning in self.warnings]
        lines += [f"and {counted(self.hidden_warnings, 'more warning')} like these"] if self.hidden_warnings else []
        return "\n".join([*lines, self.summary])


def _as_warning(warning: Problem) -> str:
    return str(Problem(warning.file, warning.line, f"warning: {warning.message}", warning.column))


class Findings:
    """The problems and warnings of one file, gathered while it is read."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.of_file: list[Problem] = []
        self.of_lines: list[Problem] = []
        self.warnings: list[Problem] = []
        self.hidden = self.hidden_warnings = self.unread = 0

    @property
    def is_full(self) -> bool:
        """Whether further problems of lines are only counted."""
        return len(self.of_lines) >= SHOWN

    def add(self, message: str, line: int | None = None, column: int | None = None) -> None:
        """Keep a problem, or count it when enough are kept."""
        problem = Problem(self.file, line, message, column)
        if line is None:
            self.of_file.append(problem)
        elif not self.is_full:
            self.of_lines.append(problem)
        else:
            self.hidden += 1

    def cannot_read(self, message: str) -> None:
        """Keep the problem that nothing of it can be read."""
        self.unread += 1
        self.add(message)

    def warn(self, message: str, line: int | None = None, column: int | None = None) -> None:
        """Keep a warning, or count it when enough are kept."""
        if len(self.warnings) < SHOWN:
            self.warnings.append(Problem(self.file, line, message, column))
        else:
            self.hidden_warnings += 1

    def way(self, *, sure: bool) -> tuple[Callable[[str, int | None, int | None], None], bool]:
        """Return what keeps a problem, or a warning, and whether it will be shown or only counted."""
        return (self.add, not self.is_full) if sure else (self.warn, len(self.warnings) < SHOWN)

    def report(self, records: int, size: int, sampled: Texts) -> CheckReport:
        """Close the check."""
        problems = (*self.of_file, *self.of_lines)
        return CheckReport(
            records, size, problems, self.hidden, tuple(self.warnings), self.hidden_warnings, self.unread, sampled
        )


def joined(reports: Sequence[CheckReport], of_job: Findings) -> CheckReport:
    """Put the reports of several files and what is found about all of them together."""
    return CheckReport(
        records=sum(report.records for report in reports),
        bytes=sum(report.bytes for report in reports),
        problems=(*of_job.of_file, *(problem for report in reports for problem in report.problems)),
        hidden=sum(report.hidden for report in reports),
        warnings=(*of_job.warnings, *(warning for report in reports for warning in report.warnings)),
        hidden_warnings=sum(report.hidden_warnings for report in reports),
        unread=sum(report.unread for report in reports) + of_job.unread,
        sampled=reduce(Texts.and_of, (report.sampled for report in reports), NO_TEXTS),
    )
