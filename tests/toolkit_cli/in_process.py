"""The command in this process: quick enough for tables of what it refuses."""

import io
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from bedrock_batch.cli import main
from bedrock_batch.interruptions import INTERRUPTIONS


@dataclass(frozen=True)
class Answer:
    """What a command has printed, and its exit code."""

    code: int
    out: bytes
    err: str


class _Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


def answer_of(
    monkeypatch: pytest.MonkeyPatch, *words: str, encoding: str = "utf-8", on_a_terminal: bool = False
) -> Answer:
    """Run ``bedrock-batch`` with streams of an encoding, perhaps as a terminal has them."""
    stream = _Terminal if on_a_terminal else io.TextIOWrapper
    out, err = (stream(io.BytesIO(), encoding, "backslashreplace") for _ in range(2))
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    with _own_signals():
        code = main(words)
    for stream in (out, err):
        stream.flush()
    return Answer(code, out.buffer.getvalue(), err.buffer.getvalue().decode(encoding))  # type: ignore[attr-defined]


@contextmanager
def _own_signals() -> Iterator[None]:
    before = {signum: signal.getsignal(signum) for signum in INTERRUPTIONS}
    try:
        yield
    finally:
        for signum, handler in before.items():
            signal.signal(signum, handler)
