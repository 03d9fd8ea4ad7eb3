"""Random lives for as long as one likes: ``python -m tests.faults.soak MINUTES``.

Ends with 1 and the story of what went wrong at the first failure, else with the number of steps survived.
"""

import logging
import sys
import tempfile
import time
from pathlib import Path

from hypothesis import settings

from .aws import running
from .profiles import SOAK
from .random_stacks import RandomStacks, run


def soak(minutes: float, profile: settings = SOAK) -> int:
    """Live, and tell how far it has come; return how many steps were survived."""
    began, lives = time.monotonic(), 0
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as aws:
        while (spent := time.monotonic() - began) < minutes * 60:
            run(aws, profile)
            lives += profile.max_examples
            print(f"\r{spent / 60:.1f} of {minutes:g} minutes: {lives} lives", end="", flush=True)  # noqa: T201 (its output)
    return RandomStacks.steps


def main() -> int:
    logging.disable(logging.INFO)  # The emulator tells of every bucket, in the middle of the line.
    try:
        steps = soak(float(sys.argv[1]))
    except AssertionError as error:
        print(f"\nafter {RandomStacks.steps} steps: {error}", file=sys.stderr)  # noqa: T201 (its output)
        return 1
    print(f"\n{steps} steps survived")  # noqa: T201 (its output)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
