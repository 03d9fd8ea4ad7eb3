"""Look at real processes, by id."""

import subprocess
import time
from collections.abc import Callable, Iterable

PATIENCE_SECONDS = 30


def running() -> dict[int, int]:
    """Process id to parent of every process that is not just waiting to be reaped."""
    listing = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,stat="], capture_output=True, text=True, check=True).stdout
    rows = [line.split() for line in listing.splitlines()]
    return {int(pid): int(parent) for pid, parent, state in rows if not state.startswith("Z")}


def descendants(pid: int) -> set[int]:
    """Ids of the processes under a process."""
    parents = running()
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {pid}


def gone(pids: Iterable[int]) -> bool:
    """Whether all of them end before patience does."""
    wanted = set(pids)
    return eventually(lambda: wanted.isdisjoint(running()))


def eventually(holds: Callable[[], bool]) -> bool:
    """Whether something comes to hold before patience ends."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.05)
    return False
