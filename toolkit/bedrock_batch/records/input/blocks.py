"""The lines of a JSONL file, many at a time."""

from collections.abc import Iterator
from typing import Protocol

# Small enough to stay in the processor's cache from the first look at it to the last.
_SIZE = 64 * 1024


class Source(Protocol):
    """What bytes are read from: a file without a buffer, or an object of S3."""

    def read(self, size: int, /) -> bytes:
        """Read at most ``size`` bytes; none at the end."""


def blocks(source: Source, longest: int) -> Iterator[bytes | None]:
    r"""Read whole lines, each put in brackets.

    The brackets let a decoder of many lines tell a line from a record: ``[line]`` is a list of one only if the line is
    one JSON value, and a value that goes on after its line is no JSON any more. Only ``\n`` ends a line: U+0085 and
    U+2028, where `str.splitlines` would split too, are plain characters in JSON.

    Parameters
    ----------
    source : Source
        The file, at its beginning.
    longest : int
        The longest line to hand out, in bytes. A block may hold a longer one if that does not take more memory.

    Yields
    ------
    bytes or None
        Lines in brackets, joined by line feeds; None for one line that is too long.
    """
    held: list[bytes | memoryview] = [b"["]
    size = 1
    while data := source.read(_SIZE):
        wrapped = data.replace(b"\n", b"]\n[")
        if size > longest + 1:
            end = wrapped.find(b"\n") + 1
            if not end:
                continue
            yield None
            held, size, wrapped = [], 0, wrapped[end:]
        end = wrapped.rfind(b"\n")
        if end >= 0:
            held.append(memoryview(wrapped)[:end])
            yield b"".join(held)
            held, size, wrapped = [], 0, wrapped[end + 1 :]
        held.append(wrapped)
        size += len(wrapped)
        if size > longest + 1:
            held.clear()
    if size > longest + 1:
        yield None
    elif size > 1:
        yield b"".join([*held, b"]"])


def lines_of(block: bytes) -> list[bytes]:
    """Take the lines out of their brackets."""
    return [line[1:-1] for line in block.split(b"\n")]
