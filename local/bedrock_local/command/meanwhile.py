"""Something that is done again and again while something else goes on."""

from __future__ import annotations

import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def meanwhile(act: Callable[[], object], seconds: float) -> Iterator[None]:
    """Act every few seconds while the context lasts.

    Parameters
    ----------
    act
        Tells somebody something. Who cannot be written to, the command itself finds out: then this is over.
    seconds
        How often, and how long is waited at most for an act under way when the context ends.
    """
    over = threading.Event()

    def repeat() -> None:
        with suppress(OSError):
            while not over.wait(seconds):
                act()

    thread = threading.Thread(target=repeat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(timeout=seconds)
