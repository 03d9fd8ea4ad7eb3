"""A shard that is being written."""

from batch_inference_pipeline.cutting.division import Division
from batch_inference_pipeline.cutting.limits import Limits
from batch_inference_pipeline.cutting.records import Record
from batch_inference_pipeline.cutting.shard import RecordIds, Shard
from batch_inference_pipeline.cutting.upload import Upload
from batch_inference_pipeline.places import Place


class OpenShard:
    """A shard to which records are added.

    Parameters
    ----------
    name, place
        See `Shard`.
    upload
        Where they go.
    division
        When it has enough.
    limits
        What a job takes.
    """

    def __init__(self, name: str, place: Place, upload: Upload, division: Division, limits: Limits) -> None:
        self.name = name
        self._place, self._upload, self._division = place, upload, division
        self._most_records, self._most_bytes = limits.records, limits.bytes
        self._ids = RecordIds()
        self._read = self._given = 0
        self.records = self.size = 0

    def has_room(self, line: bytes) -> bool:
        """Whether a job takes one more record."""
        return self.records < self._most_records and self.size + len(line) < self._most_bytes

    def add(self, record: Record, digest: bytes) -> bool:
        """Add a record, given the digest of its id; False if its id is that of another one."""
        self._upload.add(record.line)
        self.records += 1
        self.size += len(record.line) + 1
        self._read += record.read
        self._given += record.is_given
        return self._ids.add(digest, record.offset)

    @property
    def is_full(self) -> bool:
        """Whether it has enough."""
        return self._division.is_full(self.records, self._read)

    def close(self) -> None:
        """Take no further record, and begin to let the object be there."""
        self._upload.close()

    def complete(self) -> Shard:
        """Wait until the object is there, after `close`."""
        self._upload.wait()
        return Shard(self.name, self._place, self.records, self.size, self._upload.digest, self._given)

    def abort(self) -> None:
        """Let nothing be there."""
        self._upload.abort()
