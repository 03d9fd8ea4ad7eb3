"""The signals that end a command, and how to have none of them in the middle of something."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

#: Ctrl-C, a request to end, and a terminal that is closed.
INTERRUPTIONS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Let interruptions wait until this is over. A process that is started meanwhile begins without them too."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, INTERRUPTIONS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
