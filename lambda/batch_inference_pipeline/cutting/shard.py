"""A shard: an object that is the input of a job."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from batch_inference_pipeline.places import Place


@dataclass(frozen=True)
class Position:
    """Where a record stands in a task: the number of the source, and the offset in its object."""

    source: int
    offset: int


class RecordIds:
    """The ids of a shard, by their digests.

    Attributes
    ----------
    offsets : dict
        Where the record of each stands in its object.
    """

    def __init__(self) -> None:
        self.offsets: dict[bytes, int] = {}

    def add(self, digest: bytes, offset: int) -> bool:
        """Add one; False if it is there already."""
        if digest in self.offsets:
            return False
        self.offsets[digest] = offset
        return True


@dataclass(frozen=True)
class Shard:
    """What a shard is.

    Attributes
    ----------
    name
        Its name in its round.
    place
        Its object.
    records, size
        What is in it.
    digest
        The SHA-256 of the object.
    given
        How many of its records were given their id.
    """

    name: str
    place: Place
    records: int
    size: int
    digest: str
    given: int = 0

    def as_json(self) -> Mapping[str, Any]:
        """Return what an outcome, and the manifest, hold of it."""
        of_object = {"Bucket": self.place.bucket, "Key": self.place.key}
        return {"Shard": self.name, **of_object, "Records": self.records, "Bytes": self.size, "Digest": self.digest}
