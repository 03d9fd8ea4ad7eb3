"""What a benchmark is given."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from comparison.build import Build
from comparison.cost import Cost, cost_of_way
from comparison.row import Turns

#: What ways are called that run the product as it is, and as it was.
NOW, BEFORE = "now", "before"
_QUICK_ROUNDS = 2


@dataclass(frozen=True)
class Trial:
    """The builds to compare, a folder, and how long it may take.

    Attributes
    ----------
    builds
        Those of the product, by `NOW` and `BEFORE`.
    folder
        An empty one, of the benchmark's own.
    quick
        Whether only the way to the figures is tried, with little data and few rounds.
    most_rounds
        How many rounds are run at most.
    """

    builds: dict[str, Build]
    folder: Path
    quick: bool = False
    most_rounds: int = 60

    def rounds(self, number: int) -> int:
        """Return how many rounds are run where that many would be, on a machine that has the time."""
        return _QUICK_ROUNDS if self.quick else min(number, self.most_rounds)

    def size(self, number: int) -> int:
        """Return how much data is made where so much would be."""
        return max(200, number // 100) if self.quick else number

    def cost(self, build: str, module: str, way: str, *arguments: object) -> Cost:
        """Return what a way of a benchmark costs with a build."""
        return cost_of_way(module, way, arguments, self.builds[build].environment())

    def in_turn(
        self, module: str, ours: str, peers: tuple[str, ...], arguments: tuple[object, ...], rounds: int
    ) -> Turns:
        """Run our way with both builds, and those of others, in turn."""
        ways = {f"{ours}{_of(build)}": (build, ours) for build in self.builds} | {name: (NOW, name) for name in peers}
        runs = {name: partial(self.cost, build, module, way, *arguments) for name, (build, way) in ways.items()}
        return Turns.take(module, runs, self.rounds(rounds))


def _of(build: str) -> str:
    return "" if build == NOW else f", {BEFORE}"
