"""Signs of life while something is done that says nothing itself."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from bedrock_local.command.instructions import say

if TYPE_CHECKING:
    from collections.abc import Iterator

_SECONDS = 4


@contextmanager
def going_on(what: str, seconds: float = _SECONDS) -> Iterator[None]:
    """Say every few seconds, while the context lasts, for how long something is being done.

    Parameters
    ----------
    what
        What is being done.
    seconds
        How often that is said. Default: every 4 s.
    """
    over, began = threading.Event(), time.monotonic()

    def tell() -> None:
        # Who cannot be written to, the command itself finds out.
        with suppress(OSError):
            while not over.wait(seconds):
                say(f"{what}, {time.monotonic() - began:.0f} s")

    thread = threading.Thread(target=tell, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(timeout=seconds)
