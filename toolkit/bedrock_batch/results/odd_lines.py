"""Lines of a job's files that are not as the service writes them."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

_EXAMPLES = 5


class OddLine(NamedTuple):
    """A line that is not as it should be.

    Attributes
    ----------
    file : pathlib.Path
        Its file.
    name : str
        What the user knows the file by.
    start : int
        Where it begins there, in bytes.
    fact : str
        What is wrong with it.
    """

    file: Path
    name: str
    start: int
    fact: str

    def __str__(self) -> str:
        # Only the few that are shown are counted to.
        return f"{self.name}:{self._number()}: {self.fact}"

    def _number(self) -> int:
        with self.file.open("rb") as lines:
            number = 1
            while lines.tell() < self.start and lines.readline():
                number += 1
            return number


@dataclass
class OddLines:
    """How many lines are odd, and what is wrong with the first few.

    Attributes
    ----------
    count : int
        How many.
    examples : list of str
        The first five: the file, the line, and what is wrong with it.
    """

    count: int = 0
    examples: list[str] = field(default_factory=list)

    def add(self, line: OddLine) -> None:
        """Count one more."""
        self.count += 1
        if len(self.examples) < _EXAMPLES:
            self.examples.append(str(line))

    def add_all(self, others: "OddLines") -> None:
        """Count what others have counted."""
        self.count += others.count
        self.examples += others.examples[: _EXAMPLES - len(self.examples)]

    def __str__(self) -> str:
        return "; ".join(self.examples) + ("; …" if self.count > _EXAMPLES else "")
