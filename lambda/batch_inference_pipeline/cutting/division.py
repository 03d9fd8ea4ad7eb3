"""When a shard has enough, so that those of a task are alike."""

import math
from typing import Protocol

from batch_inference_pipeline.cutting.limits import Limits


class Division(Protocol):
    """What ends a shard before it has all that a job takes."""

    def is_full(self, records: int, size: int) -> bool:
        """Whether so many records, which are so many bytes of the input, are enough."""
        ...


class EvenBytes:
    """Divides what is left of a task evenly, by its bytes: they are known, where the number of records is estimated.

    Parameters
    ----------
    limits
        What a job takes.
    left
        Bytes of the input from the beginning of the shard to the end of the task.
    """

    def __init__(self, limits: Limits, left: int) -> None:
        self._limits, self._left = limits, left
        self._enough = math.inf
        self._next_estimate = 1

    def is_full(self, records: int, size: int) -> bool:
        """See `Division.is_full`."""
        if records >= self._next_estimate:
            self._next_estimate *= 2
            expected = self._left * records / size
            # What is a tenth of a shard too much is not worth another one: the target leaves room for it.
            shards = math.ceil(self._limits.share(expected, self._left) - 0.1)
            self._enough = self._left / shards if shards > 1 else math.inf
        # The nearest there is: with one record more it would be further away.
        return size + size / records / 2 >= self._enough and records >= self._limits.min_records_per_job


class EvenRecords:
    """Divides so many records evenly, into as few shards as they fit in.

    Parameters
    ----------
    limits
        What a job takes.
    records, size
        All of them, and their bytes.
    """

    def __init__(self, limits: Limits, records: int, size: int) -> None:
        shards = max(-(-records // limits.records), -(-size // limits.bytes))
        self._enough = -(-records // shards)

    def is_full(self, records: int, size: int) -> bool:  # noqa: ARG002 (the protocol's)
        """See `Division.is_full`."""
        return records >= self._enough
