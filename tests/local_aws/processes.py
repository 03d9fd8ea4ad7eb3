"""Look at real processes, by id."""

import time
from collections.abc import Callable, Iterable

import psutil

PATIENCE_SECONDS = 120


def running() -> dict[int, int]:
    """Process id to parent of every process that is not just waiting to be reaped."""
    processes = psutil.process_iter(["ppid", "status"])
    return {each.pid: each.info["ppid"] for each in processes if each.info["status"] != psutil.STATUS_ZOMBIE}


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
        time.sleep(0.2)
    return False
