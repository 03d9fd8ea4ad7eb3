"""Time, passed in so that waiting can be tested without waiting."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol


class Clock(Protocol):
    """What the lifecycle needs to know of time, in seconds."""

    def now(self) -> float:
        """Read a clock that never goes back."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait."""
        ...

    def epoch(self) -> float:
        """Read the time of day, which other invocations can compare with theirs: seconds since 1970."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> float:
        """See `Clock.now`."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """See `Clock.sleep`."""
        time.sleep(seconds)

    def epoch(self) -> float:
        """See `Clock.epoch`."""
        return time.time()


@dataclass(frozen=True)
class Deadline:
    """A moment on a clock after which nothing more is started."""

    clock: Clock
    at: float

    @classmethod
    def after(cls, clock: Clock, seconds: float) -> "Deadline":
        """Set a deadline that many seconds from now."""
        return cls(clock, clock.now() + seconds)

    @property
    def left(self) -> float:
        """The seconds that remain, never negative."""
        return max(0.0, self.at - self.clock.now())

    def within(self, seconds: float) -> "Deadline":
        """Return the earlier of this deadline and one that many seconds from now."""
        return Deadline(self.clock, min(self.at, self.clock.now() + seconds))

    def pause(self, seconds: float) -> bool:
        """Sleep, but not beyond the deadline; False when no time is left."""
        if self.left <= 0:
            return False
        self.clock.sleep(min(seconds, self.left))
        return self.left > 0


def pauses() -> Iterator[float]:
    """Yield how long to wait before each next look, in seconds: short at first, then ever longer."""
    pause = 1.0
    while True:
        yield pause
        pause = min(pause * 1.5, 10.0)
