"""The lines that begin in a range of an object."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from botocore.exceptions import IncompleteReadError, ReadTimeoutError, ResponseStreamingError

from batch_inference_pipeline.cutting.source import Source
from batch_inference_pipeline.cutting.store import Store

_BROKEN = (IncompleteReadError, ReadTimeoutError, ResponseStreamingError)
#: Blocks that are read ahead.
_AHEAD = 16

#: Where a line begins, and the line without its end; None in place of one that is too long.
Line = tuple[int, bytes | None]


class Lines:
    r"""Reads lines, which end at ``\n`` and nowhere else.

    Parameters
    ----------
    store
        S3.
    longest
        Bytes of the longest line that is held in memory.
    """

    #: Bytes of one read from a connection.
    BLOCK = 512 * 1024
    #: Bytes of one request behind a range, where its last line ends.
    BEHIND = 256 * 1024

    def __init__(self, store: Store, longest: int) -> None:
        self._store, self._longest = store, longest

    def of(self, source: Source) -> Iterator[Line]:
        """Read the lines of a range.

        Yields
        ------
        tuple
            See `Line`.
        """
        return self.within(source, self._blocks(source))

    def within(self, source: Source, blocks: Iterable[bytes]) -> Iterator[Line]:
        """Find the lines of a range in what has been read of it, from the byte before it on; of a whole object, all.

        Yields
        ------
        tuple
            See `Line`.
        """
        # With the byte before, what comes up to the first line feed is always of a line that begins before the range.
        at = source.start - 1 if source.start else 0
        is_own = not source.start
        held: list[bytes] = []
        size = 0
        for block in blocks:
            first, *others = block.split(b"\n")
            size += len(first)
            held = [*held, first] if is_own and size <= self._longest else []
            for line in others:
                if is_own:
                    yield at, b"".join(held) if size <= self._longest else None
                at, is_own, held, size = at + size + 1, True, [line], len(line)
                if at >= source.end:
                    return
            if at + size >= source.end and (not is_own or size > self._longest):
                break
        if is_own and size:
            yield at, b"".join(held) if size <= self._longest else None

    def beginning(self, source: Source, size: int) -> Iterator[bytes]:
        """Read the first bytes of an object.

        Yields
        ------
        bytes
            Piece by piece.
        """
        return _ahead(self._read(source, 0, size))

    def part(self, source: Source, at: int, end: int) -> bytes:
        """Read a small part of an object."""
        return b"".join(self._read(source, at, end))

    def whole(self, source: Source) -> bytes:
        """Read a small object."""
        return self.part(source, 0, source.size)

    def _blocks(self, source: Source) -> Iterator[bytes]:
        yield from _ahead(self._read(source, max(0, source.start - 1), source.end))
        for behind in range(source.end, source.size, self.BEHIND):
            yield from self._read(source, behind, min(behind + self.BEHIND, source.size))

    def _read(self, source: Source, at: int, end: int) -> Iterator[bytes]:
        began = -1
        while at < end:
            part = {} if (at, end) == (0, source.size) else {"Range": f"bytes={at}-{end - 1}"}
            stream = self._store.stream(source.place, IfMatch=source.etag, **part)
            try:
                for block in _read_all(stream, self.BLOCK):
                    at += len(block)
                    yield block
            except _BROKEN:
                # Taken up where it broke; what breaks twice at the same place does not get better by that.
                if at == began:
                    raise
                began = at


def _read_all(stream: Any, size: int) -> Iterator[bytes]:  # noqa: ANN401 (botocore's streams have no class)
    try:
        while block := stream.read(size):
            yield block
    finally:
        stream.close()


def _ahead(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Read the next blocks while one is looked at, or sent: as much as a part of an upload."""
    reader = ThreadPoolExecutor(1)
    try:
        following = deque(reader.submit(next, blocks, b"") for _ in range(_AHEAD))
        while block := following.popleft().result():
            following.append(reader.submit(next, blocks, b""))
            yield block
    finally:
        reader.shutdown(cancel_futures=True)
