"""The ids of a task as digests, in objects that can be read in part: those of all tasks are more than memory holds.

An object has its digests in groups by their first byte: how many each group has, then one group after the other.
"""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from batch_inference_pipeline.cutting.lines import Lines
from batch_inference_pipeline.cutting.source import Source
from batch_inference_pipeline.cutting.store import Store
from batch_inference_pipeline.places import Place

#: Groups of an object.
GROUPS = 256
#: Bytes of a digest in an object, and of it with what follows it: where its record stands in the task, in the order of
#: bytes that processors have.
_DIGEST, ENTRY = 8, 16
#: Bytes of the number that says how many a group has.
_COUNT = 4
_HEADER = GROUPS * _COUNT


def starts_of(sources: Sequence[Source]) -> list[int]:
    """Return where each source of a task begins, counted from the beginning of the task."""
    return list(accumulate((source.end - source.start for source in sources), initial=0))[: len(sources)]


class TaskIds:
    """Writes the ids of a task.

    Parameters
    ----------
    store
        S3.
    prefix
        Of what is written.
    task
        The task's name.
    sources
        What it cuts.
    """

    #: Ids of one object: some twenty megabytes, until it is sent.
    MOST = 1_000_000

    def __init__(self, store: Store, prefix: Place, task: str, sources: Sequence[Source]) -> None:
        self._store, self._prefix, self._task = store, prefix, task
        self._zeros = [start - source.start for start, source in zip(starts_of(sources), sources, strict=True)]
        self._objects = 0
        self._begin()

    def add(self, source: int, offset: int, digest: bytes) -> None:
        """Add the id of the record at an offset of a source."""
        self._groups[digest[0]] += digest[:_DIGEST] + (self._zeros[source] + offset).to_bytes(ENTRY - _DIGEST, "little")
        self._count += 1
        if self._count == self.MOST:
            self._send()

    def add_all(self, source: int, offsets: Mapping[bytes, int]) -> None:
        """Add ids, each with the offset of its record."""
        for digest, offset in offsets.items():
            self.add(source, offset, digest)

    def close(self) -> None:
        """Let all of them be there."""
        if self._count:
            self._send()

    def _begin(self) -> None:
        self._count = 0
        self._groups = [bytearray() for _ in range(GROUPS)]

    def _send(self) -> None:
        self._objects += 1
        counts = [(len(group) // ENTRY).to_bytes(_COUNT, "big") for group in self._groups]
        name = f"{self._task}-{self._objects:03d}"
        self._store.write(self._prefix.below(name), b"".join([*counts, *self._groups]))
        self._begin()


@dataclass(frozen=True)
class WrittenIds:
    """One object of ids.

    Attributes
    ----------
    source
        The object.
    ends
        How many ids it has up to the end of each group.
    """

    source: Source
    ends: Sequence[int]

    @classmethod
    def of(cls, source: Source, lines: Lines) -> "WrittenIds":
        """Read what an object says of itself."""
        header = lines.part(source, 0, _HEADER)
        counts = (int.from_bytes(header[at : at + _COUNT], "big") for at in range(0, _HEADER, _COUNT))
        return cls(source, array("Q", accumulate(counts)))

    @property
    def task(self) -> str:
        """The name of the task."""
        return self.source.key.rpartition("/")[2].rpartition("-")[0]

    def read(self, lines: Lines, groups: range) -> bytes:
        """Read some groups: for each id its digest and where its record stands in the task, eight bytes each."""
        first = self.ends[groups.start - 1] if groups.start else 0
        return lines.part(self.source, _HEADER + first * ENTRY, _HEADER + self.ends[groups.stop - 1] * ENTRY)
