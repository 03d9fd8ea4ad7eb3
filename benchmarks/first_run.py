"""How long ``make deploy-local MODEL=echo`` takes in a new checkout, and once it is set up, beside the build before.

Each run is in a checkout of its own, and uv, pip and npm have empty caches, so all that it needs is fetched anew; how
fast that comes, and who else uses the machine, is in the clock, so processor time stands beside it. The longest silence
is that of both runs on a pipe, which a user waits through without a word; it shall be 5 s at most.
"""

import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from comparison.cost import Cost
from comparison.row import By, Row, row_of
from comparison.trial import BEFORE, NOW, Trial

ROUNDS = 2
FIRST, AGAIN = "make deploy-local in a new checkout", "make deploy-local, set up"
AT_MOST = {FIRST: 0.5, AGAIN: 0.75}
MOST_SILENT_SECONDS = 5
_COMMAND = ["make", "deploy-local", "MODEL=echo"]


@dataclass(frozen=True)
class Run:
    """What a run came to: its cost, and the longest time in which it said nothing, in seconds."""

    cost: Cost
    silent: float


def rows(trial: Trial) -> Iterator[Row]:
    """Run both builds in turn; it is left out where only the way there is tried, for it fetches hundreds of MB."""
    if trial.quick:
        return
    runs: dict[str, list[Mapping[str, Run]]] = {NOW: [], BEFORE: []}
    for number in range(trial.rounds(ROUNDS)):
        for build in (NOW, BEFORE)[:: -1 if number % 2 else 1]:
            runs[build].append(in_new_checkout(trial.builds[build].folder, trial.folder / "new"))
    by: By
    for name, most in AT_MOST.items():
        for by in ("clock", "processor"):
            costs = [[getattr(run[name].cost, by) for run in runs[build]] for build in (NOW, BEFORE)]
            pairs = list(zip(*costs, strict=True))
            yield row_of("first_run", (name, f"{name}, {BEFORE}"), pairs, by, most if by == "clock" else None)
    silent = [max(each.silent for each in run.values()) for run in runs[NOW]]
    pairs = [(each, MOST_SILENT_SECONDS) for each in silent]
    yield row_of("first_run", ("the longest silence", f"{MOST_SILENT_SECONDS} s"), pairs, "clock", 1)


def in_new_checkout(build: Path, folder: Path) -> Mapping[str, Run]:
    """Copy what is in a build's checkout, and run it there twice."""
    listed = ["git", "-C", str(build), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    checkout = folder / "checkout"
    for name in filter(None, subprocess.run(listed, capture_output=True, text=True, check=True).stdout.split("\0")):  # noqa: S603 - git itself
        if (build / name).is_file():
            (checkout / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(build / name, checkout / name)
    try:
        return {name: run(checkout, environment(folder)) for name in (FIRST, AGAIN)}
    finally:
        shutil.rmtree(folder)


def environment(folder: Path) -> dict[str, str]:
    """Return that of a user who has fetched nothing yet."""
    ours = str(Path(sys.executable).parent)
    path = os.pathsep.join(each for each in os.environ["PATH"].split(os.pathsep) if each != ours)
    of_make = ("PYTHON", "VIRTUAL_ENV", "MAKE", "MFLAGS")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(of_make)}
    caches = {name: str(folder / name.lower()) for name in ("PIP_CACHE_DIR", "UV_CACHE_DIR", "npm_config_cache")}
    return kept | caches | {"PATH": path}


def run(folder: Path, environment: Mapping[str, str]) -> Run:
    """Run the command, and listen to it.

    Raises
    ------
    SystemExit
        It failed; with what it said.
    """
    before, began = _processor(), time.monotonic()
    said, silent, last = b"", 0.0, began
    command = subprocess.Popen(  # noqa: S603 - make itself
        _COMMAND,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    with command as process:
        assert process.stdout  # noqa: S101 - it was asked for
        while heard := os.read(process.stdout.fileno(), 2**16):
            said += heard
            silent, last = max(silent, time.monotonic() - last), time.monotonic()
    if command.returncode:
        sys.exit(f"{' '.join(_COMMAND)} ended with {command.returncode}:\n{said.decode(errors='replace')[-2000:]}")
    return Run(Cost(_processor() - before, time.monotonic() - began), silent)


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
