"""What a function has written, in the two ways in which Lambda takes it: a stream of lines, and frames."""

import os
import tempfile
from collections.abc import Iterator
from enum import Enum
from typing import IO

#: Bytes: type, length, time. Source: the client's own `FramedTelemetryLogSink`.
_HEADER = 16
_LOG_FRAMES = range(0xA55A0002, 0xA55A001C)


class Sink(Enum):
    """Where the client finds the log."""

    PLAIN = "standard output"
    FRAMED = "standard output, and a descriptor for frames"
    BROKEN = "a standard output that nobody reads any more"


class Log:
    """Takes what one process writes. `variables` tell its client of the descriptor, `fds` are those to hand on."""

    def __init__(self, sink: Sink) -> None:
        self._lines = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the process)
        self._frames = tempfile.TemporaryFile()  # noqa: SIM115 (the same)
        self.stdout: IO[bytes] = _pipe_without_reader() if sink is Sink.BROKEN else self._lines
        framed, fd = sink is Sink.FRAMED, self._frames.fileno()
        self.fds = [fd] if framed else []
        self.variables = {"_LAMBDA_TELEMETRY_LOG_FD": str(fd)} if framed else {}

    @property
    def lines(self) -> list[str]:
        """What came by the stream; a carriage return ends no line, as in CloudWatch."""
        return [line for line in _content(self._lines).decode().split("\n") if line]

    @property
    def frames(self) -> list[str]:
        """What came by frames; each is one record, with its line feeds."""
        return list(_messages(_content(self._frames)))

    @property
    def records(self) -> list[str]:
        return self.lines + self.frames

    def close(self) -> None:
        for file in {self._lines, self._frames, self.stdout}:
            file.close()


def _content(file: IO[bytes]) -> bytes:
    return os.pread(file.fileno(), os.fstat(file.fileno()).st_size, 0)


def _messages(content: bytes) -> Iterator[str]:
    while content:
        kind, length = int.from_bytes(content[:4], "big"), int.from_bytes(content[4:8], "big")
        assert kind in _LOG_FRAMES, f"{content[:_HEADER]!r} is no frame of a log"
        yield content[_HEADER : _HEADER + length].decode()
        content = content[_HEADER + length :]


def _pipe_without_reader() -> IO[bytes]:
    reader, writer = os.pipe()
    os.close(reader)
    return os.fdopen(writer, "wb", 0)
