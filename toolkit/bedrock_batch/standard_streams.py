"""Standard output and standard error, which may be closed, be full, or have nobody who reads."""

import io
import os
import sys
from typing import TYPE_CHECKING, TextIO

from bedrock_batch.refusals import named

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

OUTPUT = "standard output"
ERROR = "standard error"


class _Stream(io.BufferedWriter):
    """A stream that says its name when it refuses something.

    What it writes to has no code in Python: who is interrupted there would write twice what had been written.
    """

    def __init__(self, descriptor: int, name: str) -> None:
        super().__init__(io.FileIO(descriptor, "w", closefd=False))
        self._called = name

    def write(self, data: "ReadableBuffer", /) -> int:
        with named(self._called):
            return super().write(data)

    def flush(self) -> None:
        with named(self._called):
            super().flush()


def open_streams() -> None:
    """Let both streams of this process say their name in each `OSError`, also one that is closed.

    For Python, a closed one is no stream at all; and the next file to be opened would get its number, and what is
    printed.
    """
    sys.stdout = _opened(sys.stdout, sys.__stdout__, 1, OUTPUT)
    sys.stderr = _opened(sys.stderr, sys.__stderr__, 2, ERROR)


def leave_streams() -> None:
    """Write what is left; what cannot be written is not tried again by the interpreter, which would complain."""
    for stream, descriptor in ((sys.stdout, 1), (sys.stderr, 2)):
        try:
            stream.flush()
        except OSError:
            _drop(descriptor)


def drop_output() -> None:
    """Forget what is not printed yet: who was interrupted does not wait for a reader that takes nothing."""
    _drop(1)


def _drop(descriptor: int) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), descriptor)


def _opened(stream: TextIO | None, own: TextIO | None, descriptor: int, name: str) -> TextIO:
    if stream is None:
        # Not to be written to: who writes learns it, and so does every process that is started.
        os.dup2(os.open(os.devnull, os.O_RDONLY), descriptor)
        stream = own = open(descriptor, "w", closefd=False)  # noqa: SIM115 - open as long as the process
    if stream is not own or not isinstance(stream, io.TextIOWrapper):
        # A test's, or that of a program that this one is part of.
        return stream
    return io.TextIOWrapper(
        _Stream(descriptor, name),
        encoding=stream.encoding,
        # What a stream cannot show is told in another way; it is no reason to end.
        errors="backslashreplace",
        # On a terminal, and where Python is asked not to buffer (-u).
        line_buffering=stream.line_buffering or stream.write_through,
    )
