"""What the state machine asks for: a job of a shard, and who waits for its end."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from batch_inference_pipeline.ledger.attempt import AttemptId, key_of
from batch_inference_pipeline.places import Place


@dataclass(frozen=True)
class Order:
    """A job that a child of the Map waits for.

    Attributes
    ----------
    run
        The name of the run.
    id
        Which job.
    records
        The object with its records.
    task
        The token of the task that waits.
    until
        When no further job is made, in seconds since 1970; 0 for never.
    redrives
        How often the execution has been taken up again.
    """

    run: str
    id: AttemptId
    records: Place
    task: str
    until: int = 0
    redrives: int = 0

    @classmethod
    def of(cls, pipeline: str, event: Mapping[str, Any]) -> "Order":
        """Read it from an event of the state machine's."""
        run, shard = event["Run"], event["Shard"]
        which = AttemptId(key_of(pipeline, run), int(event["Round"]), shard["Shard"], int(event["Attempt"]))
        records = Place(shard["Bucket"], shard["Key"])
        return cls(run, which, records, event["Task"], event["Until"], event["Redrives"])
