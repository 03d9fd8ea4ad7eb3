"""How fast a job goes, and when it will be done."""

from __future__ import annotations

from collections import deque

# The service's counts jump, up to a minute late: a rate over less would jump too.
_WINDOW_SECONDS = 600.0


class Pace:
    """The rate of the last ten minutes.

    Examples
    --------
    >>> pace = Pace()
    >>> for second in (0, 10, 20):
    ...     pace.see(10 * second, at=second)
    >>> pace.per_second, pace.seconds_left(300)
    (10.0, 10.0)
    """

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()

    def see(self, processed: int, *, at: float) -> None:
        """Note how many records are done, and when, in seconds."""
        self._seen.append((at, processed))
        while len(self._seen) > 2 and at - self._seen[0][0] > _WINDOW_SECONDS:  # noqa: PLR2004 - a rate needs two
            self._seen.popleft()

    @property
    def per_second(self) -> float | None:
        """Records a second; None until there is something to tell it from."""
        if not self._seen:
            return None
        (start, first), (end, last) = self._seen[0], self._seen[-1]
        return (last - first) / (end - start) if end > start and last > first else None

    def seconds_left(self, total: int) -> float | None:
        """Seconds until a number of records is done; None until there is something to tell it from."""
        rate = self.per_second
        return None if rate is None else max(total - self._seen[-1][1], 0) / rate
