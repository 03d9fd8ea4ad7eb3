"""How many environments a function may have at once: what is called beyond that is refused, what is sent waits."""

import math
import threading
from dataclasses import dataclass, field

from .clock import Clock

#: What a row's function has.
USUAL = 8
#: What whoever invokes it synchronously is told then.
REFUSED = "Lambda.TooManyRequestsException: Rate Exceeded."


@dataclass
class Concurrency:
    """The limit of one function."""

    clock: Clock
    limit: int = USUAL
    _taken: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self) -> bool:
        """Take a place if there is one."""
        with self._lock:
            free = self._taken < self.limit
            self._taken += free
        return free

    def wait(self, seconds: float = math.inf) -> bool:
        """Take a place as soon as there is one; whether that was in time."""
        return not self.clock.sleep(seconds, unless=self.take)

    def give_back(self) -> None:
        with self._lock:
            self._taken -= 1
        self.clock.wake()
