"""How much one job may read: the service's quotas for batch inference, or those of an account."""

import json
from dataclasses import dataclass

_GB = 1024**3  # As in the toolkit: the larger reading of the quotas' "GB".
#: The target, as a share of what a job takes.
_TARGET = 0.8


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How many records and bytes a job's input may have; it is always one object.

    The names and the defaults are those of ``bedrock_batch.RecordLimits``, which says where AWS has them.
    """

    min_records_per_job: int = 100
    records_per_file: int = 50_000
    records_per_job: int = 50_000
    bytes_per_file: int = 1 * _GB
    bytes_per_job: int = 5 * _GB
    bytes_per_record: int = 25_000_000

    @classmethod
    def parse(cls, text: str) -> "Limits":
        """Read those that a function's environment names as a JSON object; the others are AWS's."""
        return cls(**json.loads(text))

    @property
    def records(self) -> int:
        """The most records of a shard."""
        return min(self.records_per_file, self.records_per_job)

    @property
    def bytes(self) -> int:
        """The most bytes of a shard."""
        return min(self.bytes_per_file, self.bytes_per_job)

    @property
    def target_records(self) -> int:
        """How many records a shard shall have, if its bytes allow it."""
        return max(self.min_records_per_job, int(self.records * _TARGET))

    @property
    def target_bytes(self) -> int:
        """How many bytes a shard shall have at most."""
        return int(self.bytes * _TARGET)

    def share(self, records: float, size: int) -> float:
        """Return which share of the target so much is: by the records or by the bytes, whichever is more of it."""
        return max(records / self.target_records, size / self.target_bytes)
