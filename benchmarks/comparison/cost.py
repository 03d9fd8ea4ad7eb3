"""What a run costs: processor time, time by the clock, and the most memory that it had."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_LAUNCH = Path(__file__).parent / "launch.py"


@dataclass(frozen=True)
class Cost:
    """Of one run.

    Attributes
    ----------
    processor
        Seconds, those of its children and of the system for it included: another program beside it hardly changes them.
    clock
        Seconds.
    megabytes
        Its peak of memory; None where nobody looked.
    """

    processor: float
    clock: float
    megabytes: float | None = None

    def of_each(self, other: "Cost", count: int) -> "Cost":
        """Return what each of so many more costs that this run had and another one had not."""
        return Cost((self.processor - other.processor) / count, (self.clock - other.clock) / count, self.megabytes)


def cost_of(command: Sequence[str], environment: Mapping[str, str]) -> Cost:
    """Run a program from its start to its end.

    Raises
    ------
    SystemExit
        It failed; with what it said.
    """
    return _told([sys.executable, "-IS", str(_LAUNCH), *command], environment, Path(os.sep))


def cost_of_way(module: str, way: str, arguments: Sequence[object], environment: Mapping[str, str]) -> Cost:
    """Run a way of a benchmark in a process of its own; what it loads before is not counted.

    Raises
    ------
    SystemExit
        It failed; with what it said.
    """
    command = [sys.executable, "-m", "comparison.child", module, way, *map(str, arguments)]
    return _told(command, environment, Path(__file__).parents[1])


def _told(command: Sequence[str], environment: Mapping[str, str], folder: Path) -> Cost:
    done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603 - our own commands
    if done.returncode:
        sys.exit(f"{' '.join(command)[:200]} ended with {done.returncode}:\n{done.stderr}")
    return Cost(**json.loads(done.stdout.splitlines()[-1]))
