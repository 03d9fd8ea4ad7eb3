"""What time it is, how it passes, and how the service shows it."""

import threading
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """A clock that jobs live by."""

    def __call__(self) -> datetime:
        """Return the present time, aware, in UTC, cut to the milliseconds that the service shows."""

    def wait(self, event: threading.Event, seconds: float) -> bool:
        """Let time pass until something happens.

        Parameters
        ----------
        event
            What ends the wait early.
        seconds
            How long at most; nothing for zero or less.

        Returns
        -------
        bool
            Whether it happened.
        """


def utc_now() -> datetime:
    """Return the present time of this machine; see `Clock`."""
    return datetime.fromtimestamp(time.time_ns() // 1_000_000 / 1000, UTC)


class SystemClock:
    """The `Clock` of this machine."""

    def __call__(self) -> datetime:
        """Return the present time; see `Clock`."""
        return utc_now()

    def wait(self, event: threading.Event, seconds: float) -> bool:
        """Let time pass; see `Clock`."""
        # The longest that the system can wait for is less than the longest job.
        return event.wait(min(max(seconds, 0), threading.TIMEOUT_MAX))


def timestamp(time: datetime) -> str:
    """Render a point in time as the service model's ``iso8601``.

    Parameters
    ----------
    time
        Aware, in UTC.

    Returns
    -------
    str
        To the millisecond, ending in ``Z``.
    """
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")
