"""One file of a split: written, or compared with the one that is there."""

from collections.abc import Iterator
from itertools import chain

from bedrock_batch.records.input.blocks import Source
from bedrock_batch.records.limits import RecordLimits
from bedrock_batch.records.split_report import SplitError
from bedrock_batch.records.splitting.destination import Destination


class Shard:
    """The records that go into one file.

    Parameters
    ----------
    first : bytes
        The first of them.
    rest : iterator of bytes
        What follows; those of this file are taken from it.
    limits : RecordLimits
        How much a file may have, alone in a job.

    Attributes
    ----------
    records : int
        How many have been taken.
    left : bytes or None
        The record that was one too many; None at the end of all.
    """

    def __init__(self, first: bytes, rest: Iterator[bytes], limits: RecordLimits) -> None:
        self.records = 0
        self.left: bytes | None = None
        self._source = chain([first], rest)
        self._most = min(limits.records_per_file, limits.records_per_job)
        self._most_bytes = min(limits.bytes_per_file, limits.bytes_per_job)

    def lines(self) -> Iterator[bytes]:
        """Take the records.

        Yields
        ------
        bytes
            Each, as a line.
        """
        size = 0
        for record in self._source:
            size += len(record) + 1
            if self.records and (self.records == self._most or size > self._most_bytes):
                self.left = record
                return
            self.records += 1
            yield record + b"\n"

    def write(self, destination: Destination, name: str) -> None:
        """Write them; the file has its name when it is whole."""
        with destination.write(name) as path, path.open("wb") as file:
            file.writelines(self.lines())

    def compare(self, destination: Destination, name: str) -> None:
        """Compare them with the file of that name.

        Raises
        ------
        SplitError
            If it holds anything else.
        """
        with destination.open(name) as source:
            same = all(_read(source, len(line)) == line for line in self.lines()) and not source.read(1)
        if not same:
            raise SplitError(
                f"{destination.place(name)}: is there already and is not what this input gives; "
                "remove it, or split to another place"
            )


def _read(source: Source, size: int) -> bytes:
    parts: list[bytes] = []
    while size and (part := source.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def name_of(position: int) -> str:
    """Name the shard at a position, from 1."""
    return f"records-{position:05d}.jsonl"
