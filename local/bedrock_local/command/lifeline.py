"""A local AWS that ends before those do who use it."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bedrock_local.errors import LocalAwsError
from bedrock_local.log import await_end, last_words, log_file, open_log
from bedrock_local.running import was_stopped

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import FrameType


@contextmanager
def needed(directory: Path) -> Iterator[None]:
    """End what is done in the context as soon as the local AWS ends, however that ends and whoever started it.

    For the main thread only: what it waits for is interrupted by a signal (SIGUSR1).

    Parameters
    ----------
    directory
        The ``--dir`` of the local AWS.

    Raises
    ------
    LocalAwsError
        If it ends; the message has its last words. At once if its log is gone.
    """
    left = threading.Event()

    def tell(_signum: int, _frame: FrameType | None) -> None:
        if not left.is_set():
            raise LocalAwsError(f"the local AWS has ended, and all that was in it: {_why(directory)}")

    log = open_log(directory)

    def watch() -> None:
        await_end(log)
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGUSR1)

    signal.signal(signal.SIGUSR1, tell)
    threading.Thread(target=watch, daemon=True).start()
    try:
        yield
    finally:
        left.set()


def _why(directory: Path) -> str:
    if was_stopped(directory):
        return "somebody has stopped it"
    return f"it said last: {last_words(directory)} (in {log_file(directory)})"
