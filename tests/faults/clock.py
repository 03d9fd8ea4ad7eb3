"""The time that all of AWS shares in a row: it runs faster than the tests' own, and a row can skip some of it."""

import threading
import time
from collections.abc import Callable

#: Seconds of it in one of the tests'.
SPEED = 20.0
#: Real seconds after which whoever waits looks again: for a skip, or for what is told by no event.
_NAP = 0.05


class Clock:
    """Seconds since 1970, as the function reads them too."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self.reset()

    @property
    def speed(self) -> float:
        """How many of its seconds pass in one of the tests'."""
        return self._speed

    @speed.setter
    def speed(self, speed: float) -> None:
        self._set(self.now(), speed)

    def now(self) -> float:
        return self._now + (time.monotonic() - self._since) * self._speed

    def skip(self, seconds: float) -> None:
        """Let some time have passed at once; whoever slept so long wakes up."""
        self._set(self.now() + seconds, self._speed)

    def sleep(self, seconds: float, unless: Callable[[], bool] = lambda: False) -> bool:
        """Wait so long, or until `unless` holds; whether it does not."""
        end = self.now() + seconds
        with self._changed:
            while not unless():
                if (left := end - self.now()) <= 0:
                    return True
                self._changed.wait(min(left / self._speed, _NAP))
        return False

    def wake(self) -> None:
        """Let everybody look whether there is something to sleep for."""
        with self._changed:
            self._changed.notify_all()

    def reset(self) -> None:
        """Start over: what was skipped has not been."""
        self._set(time.time(), SPEED)

    def _set(self, now: float, speed: float) -> None:
        with self._changed:
            self._now, self._since, self._speed = now, time.monotonic(), speed
            self._changed.notify_all()
