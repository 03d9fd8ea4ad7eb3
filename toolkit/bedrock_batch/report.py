"""What a check found."""

from dataclasses import dataclass, field
from pathlib import Path

_SHOWN = 20  # Enough to see the pattern; a wrong export breaks every line of a file in the same way.


@dataclass(frozen=True)
class Problem:
    """One thing to change before the service takes the file.

    Attributes
    ----------
    file : pathlib.Path
        The file, as it was named to the check.
    line : int or None
        Its line, from 1; None for a problem of the whole file.
    message : str
        What is wrong, and what to change.
    """

    file: Path
    line: int | None
    message: str

    def __str__(self) -> str:
        place = f"{self.file}" if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.message}"


@dataclass(frozen=True)
class CheckReport:
    """The outcome of a check; printed, it is one problem a line.

    Attributes
    ----------
    records : int
        How many lines hold something, good or not.
    bytes : int
        The size of the file; 0 if it cannot be read.
    problems : tuple of Problem
        Problems of the whole file first, then those of its lines: the first 20 of them.
    hidden : int
        How many more problems the lines have.
    """

    records: int
    bytes: int
    problems: tuple[Problem, ...]
    hidden: int

    @property
    def ok(self) -> bool:
        """Whether the file can go to the service."""
        return not self.problems

    def __str__(self) -> str:
        lines = [str(problem) for problem in self.problems]
        if self.hidden:
            lines.append(f"and {self.hidden:,} more problems like these")
        return "\n".join(lines) or f"{self.records:,} records, {self.bytes:,} bytes: no problems"


@dataclass
class Findings:
    """The problems of one file, gathered while it is read."""

    file: Path
    of_file: list[Problem] = field(default_factory=list)
    of_lines: list[Problem] = field(default_factory=list)
    hidden: int = 0

    def add(self, message: str, line: int | None = None) -> None:
        """Keep a problem, or count it when enough are kept."""
        problem = Problem(self.file, line, message)
        if line is None:
            self.of_file.append(problem)
        elif len(self.of_lines) < _SHOWN:
            self.of_lines.append(problem)
        else:
            self.hidden += 1

    def report(self, records: int, size: int) -> CheckReport:
        """Close the check."""
        return CheckReport(records, size, (*self.of_file, *self.of_lines), self.hidden)
