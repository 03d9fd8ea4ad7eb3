"""Objects of the input that are a job's input as they are: nothing is copied."""

import hashlib
import re
from collections.abc import Callable, Iterator

from batch_inference_pipeline.collecting.records import digest_of
from batch_inference_pipeline.cutting.limits import Limits
from batch_inference_pipeline.cutting.lines import Line, Lines
from batch_inference_pipeline.cutting.record import RecordError, record_id, without_blanks
from batch_inference_pipeline.cutting.shard import RecordIds, Shard
from batch_inference_pipeline.cutting.source import Source
from batch_inference_pipeline.places import Place

# The API type `S3Uri`, behind the bucket.
_NAMEABLE = re.compile(r"[-!_*'().a-z0-9A-Z]+(?:/[-!_*'().a-z0-9A-Z]+)*")
_LONGEST_URI = 1024
_SHORTEST_RECORD = len('{"recordId":"1","modelInput":{}}')
#: How far the records of an object may be from the target; more than a quarter above, no job takes it.
_LEAST_SHARE, _MOST_SHARE = 0.75, 1.25


def is_nameable(place: Place) -> bool:
    """Whether a job can be told to read an object: keys may have characters that its request may not have."""
    return _NAMEABLE.fullmatch(place.key) is not None and len(place.uri) <= _LONGEST_URI


class AsItIs:
    """Tells which objects are shards.

    Whether one may be is told from its first bytes; only then is it read whole. If that ends early, it is cut, and what
    was read is read again.

    Parameters
    ----------
    lines
        Reads them.
    limits
        What a job takes.
    """

    #: Bytes of the sample.
    SAMPLE = 64 * 1024

    def __init__(self, lines: Lines, limits: Limits) -> None:
        self._lines, self._limits = lines, limits

    def shard(self, source: Source, ids: RecordIds) -> Shard | None:
        """Return the shard that an object is, without a name, and add its ids; None if it has to be cut."""
        if not (self._is_whole_input(source) and self._looks_like_it(source)):
            return None
        digest = hashlib.sha256()
        blocks = self._lines.beginning(source, source.size)
        records = self._count(self._lines.within(source, _hashed(blocks, digest.update)), ids)
        if records is None or not self._is_shard(records, source.size):
            return None
        return Shard("", source.place, records, source.size, digest.hexdigest())

    def _is_whole_input(self, source: Source) -> bool:
        return source.is_whole and source.size <= self._limits.bytes and is_nameable(source.place)

    def _looks_like_it(self, source: Source) -> bool:
        if self._limits.share(source.size / _SHORTEST_RECORD, source.size) < _LEAST_SHARE:
            return False
        sample = b"".join(self._lines.beginning(source, min(self.SAMPLE, source.size)))
        expected = source.size * max(1, sample.count(b"\n")) / len(sample)
        return self._is_near_the_target(expected, source.size)

    def _is_shard(self, records: int, size: int) -> bool:
        return records >= self._limits.min_records_per_job and self._is_near_the_target(records, size)

    def _is_near_the_target(self, records: float, size: int) -> bool:
        return _LEAST_SHARE <= self._limits.share(records, size) <= _MOST_SHARE

    def _count(self, lines: Iterator[Line], ids: RecordIds) -> int | None:
        """Count the records; None if a line is none, or has no id of its own, or if there are more than a job takes."""
        count = 0
        for offset, line in lines:
            count += 1
            if line is None or count > self._limits.records or not self._is_new_record(line, offset, ids):
                return None
        return count

    def _is_new_record(self, line: bytes, offset: int, ids: RecordIds) -> bool:
        try:
            found = record_id(without_blanks(line))
        except RecordError:
            return False
        return found is not None and len(line) <= self._limits.bytes_per_record and ids.add(digest_of(found), offset)


def _hashed(blocks: Iterator[bytes], digest: Callable[[bytes], object]) -> Iterator[bytes]:
    for block in blocks:
        digest(block)
        yield block
