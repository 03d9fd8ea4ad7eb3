"""What a task reads: a range of an object, in the version that was listed."""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property

from batch_inference_pipeline.places import Place


@dataclass(frozen=True)
class Source:
    """A range of an object: it has the records whose first byte lies in it.

    Parameters
    ----------
    bucket, key, etag
        The object.
    start, end
        The range: its first byte, and the first behind it.
    size
        Bytes of the whole object.
    """

    bucket: str
    key: str
    etag: str
    start: int
    end: int
    size: int

    @classmethod
    def parse(cls, line: bytes) -> "Source":
        """Read a line of a task."""
        found = json.loads(line)
        return cls(*(found[name] for name in ("Bucket", "Key", "ETag", "Start", "End", "Size")))

    @classmethod
    def parse_all(cls, content: bytes) -> "list[Source]":
        """Read a task."""
        return [cls.parse(line) for line in content.split(b"\n") if line]

    def line(self) -> bytes:
        """Write a line of a task."""
        place = {"Bucket": self.bucket, "Key": self.key, "ETag": self.etag}
        return json.dumps({**place, "Start": self.start, "End": self.end, "Size": self.size}).encode()

    @property
    def place(self) -> Place:
        """The object."""
        return Place(self.bucket, self.key)

    @property
    def is_whole(self) -> bool:
        """Whether it is all of the object."""
        return self.start == 0 and self.end == self.size

    def id_at(self, offset: int) -> str:
        """Make an id for the record at an offset: no other record of the run has it, and another try makes it again."""
        return f"{self._digest}-{offset}"

    @cached_property
    def _digest(self) -> str:
        return hashlib.sha256(f"{self.place.uri}\n{self.etag}".encode()).hexdigest()[:16]
