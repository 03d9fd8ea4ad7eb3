"""What a run came to, as a verdict and as the page ``docs/mutants.md``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from .mutant import Change
from .rooms import FUNCTION, PIPELINE, RECORDS, RESULTS
from .sample import SEED
from .trial import Tried

#: Of a hundred mutants so many have to be killed.
LEAST = 90
_HEADER = """\
# What the tests do not see

Written by `make mutants`: a mutant is the sources with one thing changed, such as `<` into `<=`, a word into another,
or an argument left out. It is killed when a test fails. Those that live are listed here, each with the reason why it
may; [the reasons](../tests/mutants/reasons.toml) are written by hand, and the command fails where one is missing, or
where less than {least} % are killed.

{summary}

| | mutants | killed | of those, by never ending | living |
| --- | --- | --- | --- | --- |
"""


@dataclass(frozen=True)
class Report:
    """The fates of a sample.

    Attributes
    ----------
    of
        How many mutants there are in all.
    """

    tried: Sequence[Tried]
    of: int
    reasons: Mapping[Change, str]

    @property
    def living(self) -> list[Change]:
        return sorted(each.change for each in self.tried if each.fate == "survived")

    @property
    def unexplained(self) -> list[Change]:
        return [change for change in self.living if not self.reasons.get(change)]

    @property
    def killed(self) -> float:
        """How many of a hundred."""
        return 100 * (1 - len(self.living) / len(self.tried))

    @property
    def is_good(self) -> bool:
        return self.killed >= LEAST and not self.unexplained

    def summary(self) -> str:
        minutes = sum(each.cpu for each in self.tried) / 60
        return (
            f"Of {self.of:,} mutants, {len(self.tried)} were tried, drawn evenly from all files (seed {SEED}): "
            f"{self.killed:.1f} % were killed. That took {minutes:.0f} minutes of CPU time."
        )

    def page(self) -> str:
        rooms = [_row(room, [each for each in self.tried if each.change.file.startswith(room)]) for room in ROOMS]
        return "".join(
            [_HEADER.format(summary=self.summary(), least=LEAST), *rooms, *map(self._file, _by_file(self.living))]
        )

    def _file(self, found: tuple[str, list[Change]]) -> str:
        file, changes = found
        return f"\n## `{file}`\n\n" + "".join(map(self._line, changes))

    def _line(self, change: Change) -> str:
        where = f"In `{change.where}`" if change.where else "In the module"
        return (
            f"* {where}: {self.reasons.get(change) or 'not looked at yet.'}\n\n"
            f"  ```diff\n  - {change.before}\n  + {change.after}\n  ```\n"
        )


ROOMS = (FUNCTION, PIPELINE, RECORDS, RESULTS)


def _row(room: str, tried: list[Tried]) -> str:
    fates = [each.fate for each in tried]
    late, living = fates.count("timed out"), fates.count("survived")
    return f"| `{room}` | {len(tried)} | {len(tried) - living} | {late} | {living} |\n"


def _by_file(changes: list[Change]) -> list[tuple[str, list[Change]]]:
    return [(file, list(found)) for file, found in groupby(changes, key=lambda change: change.file)]
