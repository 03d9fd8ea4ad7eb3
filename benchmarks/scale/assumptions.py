"""What the simulation takes for granted: each a parameter, with where its default is from.

*Documented* is what AWS says, *seen* what others report of the service, *assumed* what nobody tells: measure it in your
account and give it.
"""

from dataclasses import dataclass, replace
from math import ceil, inf
from typing import Any

from batch_inference_pipeline.cutting.ids.digests import TaskIds
from batch_inference_pipeline.cutting.ids.repeats import Repeats, parts_of
from batch_inference_pipeline.cutting.limits import Limits
from batch_inference_pipeline.cutting.listing.survey import Survey
from batch_inference_pipeline.cutting.upload import Upload
from batch_inference_pipeline.demand.leftovers import RECORDS


@dataclass(frozen=True, kw_only=True)
class Assumptions:
    """A dataset, the service, and how long the functions take."""

    #: The dataset. Bytes of a record and of its answer: assumed, a prompt of 500 tokens and an answer of 250.
    records: int = 100_000_000
    record_bytes: int = 2_000
    answer_bytes: int = 3_000
    #: What a job takes, and how much of that a shard shall have: the pipeline's own; AWS documents it for most models.
    limits: Limits = Limits()  # noqa: RUF009 (it is frozen)
    #: Documented: https://docs.aws.amazon.com/general/latest/gr/bedrock.html, "Sum of in-progress and submitted batch
    #: inference jobs", of most base models.
    quota: int = 20
    #: Bytes of a task of cutting: the pipeline's own.
    task_bytes: int = Survey.RANGE

    #: Jobs that others run, and until when (seconds).
    others: int = 0
    others_until: float = inf
    #: Seconds from CreateModelInvocationJob to the end. Seen: five minutes at least, 9 to 25 for 500 records; assumed:
    #: an hour for 40,000.
    job_seconds: float = 600
    record_seconds: float = 0.075
    #: Times as long as that, at least and at most; between them as often half as long as twice as long.
    shortest: float = 1
    longest: float = 1
    #: Shares: jobs that end without results, and records that are to be asked again after a round. Assumed.
    failed_jobs: float = 0.01
    left_records: float = 0.01
    #: Rounds of jobs at most: the construct's default.
    rounds: int = 3
    #: Records of a task that asks on demand (the pipeline's own), how many are asked at once (also), and seconds of an
    #: answer (assumed).
    asked_records: int = RECORDS
    asked_at_once: int = 10
    answer_seconds: float = 5

    #: EventBridge: seconds to the function (documented: typically about half a second), and the share that is lost
    #: ("best effort": how many is assumed).
    event_seconds: float = 1
    lost_events: float = 0.001

    #: Seconds of a state, and to begin a child of a Distributed Map. Assumed.
    state_seconds: float = 0.1
    child_seconds: float = 1
    #: Seconds of the function for jobs: a start, an event, a look and each job of it. Assumed.
    start_seconds: float = 1
    event_function_seconds: float = 0.3
    look_seconds: float = 0.3
    look_job_seconds: float = 0.15
    #: Seconds of any other call, and bytes a second that a function cuts or collects. Assumed.
    call_seconds: float = 0.5
    bytes_per_second: float = 20_000_000
    #: Seconds of an object that is read, of which some are read at once. Assumed.
    object_seconds: float = 0.03
    objects_at_once: int = 10
    #: Ids that a function compares in a second, of those that it has read. Seen on a machine like Lambda's: four times
    #: as many.
    ids_per_second: float = 1_000_000
    #: Bytes of a part of an upload: the pipeline's own.
    part_bytes: int = Upload.PART
    #: Bytes of a shard's item in the ledger, most of which is a task token (documented: 2,048 characters at most).
    item_bytes: int = 1_500

    #: What all that is left to chance begins with.
    seed: int = 1

    def but(self, **changes: Any) -> "Assumptions":  # noqa: ANN401 (any of the fields)
        """Return the same with some of them changed."""
        return replace(self, **changes)

    def tasks(self, records: int) -> int:
        """Return how many tasks it takes to cut records."""
        return ceil(records * self.record_bytes / self.task_bytes)

    def ids_objects(self, records: int) -> int:
        """Return how many objects the ids of records stand in."""
        tasks = self.tasks(records)
        return tasks * ceil(records / tasks / TaskIds.MOST)

    def ids_reads(self, records: int) -> int:
        """Return how many reads it takes to compare them."""
        return self.ids_objects(records) * (1 + parts_of(records, Repeats.MOST))

    def shards(self, records: int) -> int:
        """Return how many shards they are cut into: each task evenly, into no more than the target."""
        tasks = self.tasks(records)
        return tasks * ceil(records / tasks / self.limits.target_records)

    def seconds_of_job(self, records: float) -> float:
        """Return how long a job of so many records takes as a rule."""
        return self.job_seconds + records * self.record_seconds

    def places(self, now: float) -> int:
        """Return how many jobs the quota leaves to the pipeline."""
        return self.quota - (self.others if now < self.others_until else 0)
