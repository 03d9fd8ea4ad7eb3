"""A clock that jumps from one thing that happens to the next."""

import heapq
from collections.abc import Callable
from itertools import count

#: When the simulated clock begins, in seconds since 1970.
_EPOCH = 1_800_000_000


class Agenda:
    """`model_invocation_job.clock.Clock`, and what is to happen when."""

    def __init__(self) -> None:
        self._now = 0.0
        self._coming: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = count()

    def now(self) -> float:
        """See `Clock.now`."""
        return self._now

    def epoch(self) -> float:
        """See `Clock.epoch`."""
        return _EPOCH + self._now

    def sleep(self, seconds: float) -> None:
        """See `Clock.sleep`; nothing that is simulated waits so."""
        raise NotImplementedError(seconds)

    def after(self, seconds: float, act: Callable[[], None]) -> None:
        """Have something happen so many seconds from now."""
        heapq.heappush(self._coming, (self._now + seconds, next(self._numbers), act))

    def run(self) -> None:
        """Go on until nothing is to happen any more."""
        while self._coming:
            self._now, _, act = heapq.heappop(self._coming)
            act()
