"""Rows of CSV by Python's own reader, whatever they look like, with cells as long as a record may be."""

from __future__ import annotations

import csv
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The longest cell, in characters: that of the longest record. A quote that nobody closes ends there, too.
LONGEST_CELL = 25_000_000

# Characters that are read at a time.
_PIECE = 128 * 1024


class Lines:
    """The lines of a file, which counts the pieces that it has read."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self.pieces = 0

    def __iter__(self) -> Iterator[str]:
        """Read on."""
        while piece := self._file.readlines(_PIECE):
            self.pieces += 1
            yield from piece


def in_pieces(lines: Lines, reader: Iterator[list[str]]) -> Iterator[list[list[str]]]:
    """Gather the rows of each piece of a file, without those that are blank lines."""
    while rows := _piece(lines, reader):
        if kept := list(filter(None, rows)):
            yield kept


def _piece(lines: Lines, reader: Iterator[list[str]]) -> list[list[str]]:
    rows: list[list[str]] = []
    piece = lines.pieces
    with long_cells():
        for row in reader:
            rows.append(row)
            if lines.pieces != piece:
                break
    return rows


class _Limit:
    """Python's limit of a cell, and who has it raised."""

    def __init__(self) -> None:
        self._lock, self._readers, self._before = Lock(), 0, 0

    def rise(self) -> None:
        with self._lock:
            if not self._readers:
                self._before = csv.field_size_limit()
                csv.field_size_limit(max(self._before, LONGEST_CELL))
            self._readers += 1

    def fall(self) -> None:
        with self._lock:
            self._readers -= 1
            if not self._readers:
                csv.field_size_limit(self._before)


_limit = _Limit()


@contextmanager
def long_cells() -> Iterator[None]:
    """Let Python read cells as long as a record may be.

    It keeps that limit for the whole process (`csv.field_size_limit`): it is the caller's again before any row is
    handed out.
    """
    _limit.rise()
    try:
        yield
    finally:
        _limit.fall()
