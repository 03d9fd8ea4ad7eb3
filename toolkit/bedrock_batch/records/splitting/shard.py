"""One file of a split: written, or compared with the one that is there."""

from collections.abc import Iterator
from itertools import islice

from bedrock_batch.records.input.blocks import Source
from bedrock_batch.records.split_report import SplitError
from bedrock_batch.records.splitting.destination import Destination


class Shard:
    """The records that go into one file.

    Parameters
    ----------
    records : iterator of bytes
        What is left of all; those of this file are taken from it.
    count : int
        How many they are.
    """

    def __init__(self, records: Iterator[bytes], count: int) -> None:
        self._records, self._count = records, count

    def lines(self) -> Iterator[bytes]:
        """Take the records.

        Yields
        ------
        bytes
            Each, as a line.
        """
        return (record + b"\n" for record in islice(self._records, self._count))

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
