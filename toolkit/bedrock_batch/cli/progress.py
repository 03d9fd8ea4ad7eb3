"""How far a long work is: a bar on a terminal, nothing in a pipe."""

import sys
import time
from types import TracebackType
from typing import Self

_SECONDS_BETWEEN_DRAWINGS = 0.1
_WIDTH = 30


class Progress:
    """A bar on standard error, gone when the work is done.

    Parameters
    ----------
    title : str
        What is being done, such as ``checking``.
    total : int
        The amount that is all of it; 0 if that is not known.
    unit : str
        What is counted, such as ``bytes``.

    Examples
    --------
    >>> with Progress("checking", total=100, unit="records") as progress:
    ...     progress.advance(100)
    """

    def __init__(self, title: str, *, total: int, unit: str) -> None:
        self._title, self._total, self._unit = title, total, unit
        self._done = 0
        self._drawn_at = 0.0
        self._shown = sys.stderr.isatty()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._shown and self._drawn_at:
            sys.stderr.write("\r\x1b[K")

    def advance(self, amount: int) -> None:
        """Count what has been done since the last call."""
        self._done += amount
        now = time.monotonic()
        if self._shown and now - self._drawn_at >= _SECONDS_BETWEEN_DRAWINGS:
            self._drawn_at = now
            sys.stderr.write(f"\r\x1b[K{self._title} {self._bar()}")
            sys.stderr.flush()

    def _bar(self) -> str:
        if not self._total:
            return f"{self._done:,} {self._unit}"
        share = min(self._done / self._total, 1.0)
        filled = round(share * _WIDTH)
        return f"{'█' * filled}{'░' * (_WIDTH - filled)} {share:4.0%} of {self._total:,} {self._unit}"
