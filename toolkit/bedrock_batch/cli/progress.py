"""How far a long work is: a bar on a terminal, nothing in a pipe."""

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from bedrock_batch.cli.bar import Bar

# What is done before that needs no bar, and none of what it takes to load one.
_SECONDS_WITHOUT = 0.4
_SECONDS_BETWEEN_DRAWINGS = 0.1


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
    shown : bool
        Whether there may be one. Default: there may; not where the work itself is printed.

    Examples
    --------
    >>> with Progress("checking", total=100, unit="records") as progress:
    ...     progress.advance(100)
    """

    def __init__(self, title: str, *, total: int, unit: str, shown: bool = True) -> None:
        self._title, self._total, self._unit = title, total, unit
        self._done = 0
        self._shown = shown and sys.stderr.isatty()
        self._next_drawing = time.monotonic() + _SECONDS_WITHOUT
        self._bar: Bar | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.wipe()

    def advance(self, amount: int) -> None:
        """Count what has been done since the last call."""
        self._done += amount
        if self._shown and time.monotonic() >= self._next_drawing:
            self._draw()
            self._next_drawing = time.monotonic() + _SECONDS_BETWEEN_DRAWINGS

    def _draw(self) -> None:
        from bedrock_batch.cli.bar import bar_on_standard_error  # noqa: PLC0415 - rich is slow to import

        self._bar = self._bar or bar_on_standard_error()
        share = f"{min(self._done / self._total, 1):4.0%} of {self._total:,}" if self._total else f"{self._done:,}"
        self._bar.show(self._title, f"{share} {self._unit}", done=self._done, total=self._total)
