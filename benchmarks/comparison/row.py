"""A row of the table: how many times as much something costs as what it is compared to."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Literal

from comparison.cost import Cost

By = Literal["processor", "clock", "simulated"]


@dataclass(frozen=True)
class Row:
    """A comparison.

    Attributes
    ----------
    benchmark, subject, against
        What was measured, and what beside.
    by
        What was compared: processor time, time by the clock, or time that was simulated.
    ratios
        The first quartile, the median and the third quartile of the ratios of all pairs.
    pairs
        How many.
    seconds
        The median of the subject.
    megabytes, megabytes_against
        The most memory that they had in any run; None where nobody looked.
    at_most
        What the ratio shall not be above; None where nothing is promised.
    """

    benchmark: str
    subject: str
    against: str
    by: By
    ratios: tuple[float, float, float]
    pairs: int
    seconds: float
    megabytes: float | None = None
    megabytes_against: float | None = None
    at_most: float | None = None


def row_of(
    benchmark: str, names: tuple[str, str], pairs: Sequence[tuple[float, float]], by: By, most: float | None
) -> Row:
    """Compare seconds with seconds, pair by pair."""
    ratios = sorted(one / other for one, other in pairs)
    low, middle, high = quantiles(ratios, n=4, method="inclusive") if len(ratios) > 1 else ratios * 3
    seconds = median(one for one, _ in pairs)
    return Row(benchmark, *names, by, (low, middle, high), len(ratios), seconds, at_most=most)


@dataclass(frozen=True)
class Turns:
    """What several ways cost that ran in turn, several times."""

    benchmark: str
    costs: Mapping[str, Sequence[Cost]]

    @classmethod
    def take(cls, benchmark: str, ways: Mapping[str, Callable[[], Cost]], rounds: int) -> "Turns":
        """Run all in turn, each once before that is not counted: it compiles, and fills what is kept.

        The order turns round each time, so that none always runs after the same.
        """
        for way in ways.values():
            way()
        costs: dict[str, list[Cost]] = {name: [] for name in ways}
        for number in range(rounds):
            for name in list(ways)[:: -1 if number % 2 else 1]:
                costs[name].append(ways[name]())
        return cls(benchmark, costs)

    def row(self, subject: str, against: str, by: By = "processor", at_most: float | None = None) -> Row:
        """Compare one with another."""
        one, other = self.costs[subject], self.costs[against]
        pairs = [(getattr(left, by), getattr(right, by)) for left, right in zip(one, other, strict=True)]
        found = row_of(self.benchmark, (subject, against), pairs, by, at_most)
        return Row(**vars(found) | {"megabytes": _most(one), "megabytes_against": _most(other)})


def _most(costs: Sequence[Cost]) -> float | None:
    return max((each.megabytes for each in costs if each.megabytes is not None), default=None)
