"""Looking again until something is so: often at first, then ever less."""

import time
from collections.abc import Callable, Iterator
from typing import TypeVar

_SHORTEST_PAUSE, _LONGEST_PAUSE, _GROWTH = 0.3, 15.0, 1.2

Seen = TypeVar("Seen")


class OutOfPatienceError(Exception):
    """It did not come to be; the message says what, and for how long."""


def until(
    look: Callable[[], Seen], what: str, *, seconds: float, sleep: Callable[[float], object] = time.sleep
) -> Seen:
    """Return what is seen as soon as it is something.

    Raises
    ------
    OutOfPatienceError
        If it is not in that time.
    """
    deadline = time.monotonic() + seconds
    for pause in _pauses():
        if seen := look():
            return seen
        if time.monotonic() > deadline:
            raise OutOfPatienceError(f"{what} has not come to be in {seconds / 60:g} minutes")
        sleep(pause)
    raise AssertionError  # the pauses have no end


def _pauses() -> Iterator[float]:
    pause = _SHORTEST_PAUSE
    while True:
        yield pause
        pause = min(pause * _GROWTH, _LONGEST_PAUSE)
