"""The pipeline's functions in a simulated account: those for jobs are the product's, those for data take their time."""

from collections.abc import Iterator
from math import ceil
from typing import Any

from batch_inference_pipeline.cutting.ids.repeats import Repeats, parts_of
from batch_inference_pipeline.demand.leftovers import ASK, CUT, DONE
from batch_inference_pipeline.parts import RunningParts
from batch_inference_pipeline.running.order import Order
from model_invocation_job import status
from scale.assumptions import Assumptions
from scale.bedrock import SimulatedJobs
from scale.language import Data
from scale.meter import Meter

#: Objects that a list has room for.
_PAGE = 1000


class SimulatedFunctions:
    """See `scale.executions.Functions`.

    Attributes
    ----------
    records
        Of the round that goes on.
    shards
        All so far.
    """

    def __init__(self, assumptions: Assumptions, parts: RunningParts, jobs: SimulatedJobs, meter: Meter) -> None:
        self._assumptions = assumptions
        self._parts = parts
        self._jobs = jobs
        self._meter = meter
        self.records = assumptions.records
        self.shards = 0
        self._left = 0
        self._without_results = 0.0

    def seconds(self, payload: Data) -> float:
        """See `Functions.seconds`."""
        given = self._assumptions
        tasks, shards = given.tasks(self.records), given.shards(self.records)
        in_task, in_shard = self.records / tasks, self.records / shards
        bytes_of_both = given.record_bytes + given.answer_bytes
        longer = {
            "start": given.start_seconds,
            "survey": self._listed(1),
            "cut": in_task * given.record_bytes / given.bytes_per_second,
            "shards": self._read(tasks) + self._compared(payload),
            "collect": in_shard * bytes_of_both / given.bytes_per_second,
            "leftovers": self._read(shards),
            "ask": given.asked_records / given.asked_at_once * given.answer_seconds,
            "summarize": self._read(self.shards),
        }
        step = _step(payload)
        return longer.get(step, 0) + (0 if step == "start" else given.call_seconds)

    def answer(self, payload: Data) -> Data | None:
        """See `Functions.answer`."""
        step: Any = getattr(self, f"_{_step(payload)}")
        answer: Data | None = step(payload)
        return answer

    def items(self, label: str) -> Iterator[Data]:
        """See `Functions.items`."""
        if label == "Cut":
            return ({"Key": f"{number:06}"} for number in range(1, self._assumptions.tasks(self.records) + 1))
        if label == "Ask":
            return ({"Key": f"{number:06}"} for number in range(ceil(self._left / self._assumptions.asked_records)))
        return self._manifest()

    def _manifest(self) -> Iterator[Data]:
        tasks, shards = self._assumptions.tasks(self.records), self._assumptions.shards(self.records)
        self._jobs.records = self.records / shards
        self.shards += shards
        for number in range(shards):
            name = f"{number % tasks + 1:06}-{number // tasks + 1:03}"
            yield {"Shard": name, "Bucket": "bucket", "Key": f"{name}.jsonl"}

    def _open(self, payload: Data) -> Data:
        return self._parts.opening.open(payload["Execution"])

    def _start(self, payload: Data) -> None:
        self._parts.starting.start(Order.of(self._parts.pipeline, payload))

    def _close(self, payload: Data) -> Data:  # noqa: ARG002 (there is one run)
        if self._jobs.live():
            raise AssertionError
        return {}

    def _survey(self, payload: Data) -> Data:
        tasks = self._assumptions.tasks(self.records)
        self._meter.stored(puts=1 + tasks)
        return {"Tasks": tasks, "Next": CUT, "Prefix": payload["Run"]}

    def _cut(self, payload: Data) -> Data:
        given = self._assumptions
        tasks = given.tasks(self.records)
        in_task = given.shards(self.records) / tasks
        parts = ceil(self.records * given.record_bytes / tasks / in_task / given.part_bytes)
        ids = given.ids_objects(self.records) // tasks if payload["Round"] == 1 else 0
        # Each shard is begun, sent in parts, and completed.
        self._meter.stored(puts=round(in_task * (parts + 2)) + 1 + ids, gets=2)
        return {}

    def _shards(self, payload: Data) -> Data:
        self._meter.stored(puts=2, gets=self._assumptions.tasks(self.records))
        if payload["Round"] == 1:
            parts = parts_of(self.records, Repeats.MOST)
            self._meter.stored(puts=parts + 2, gets=self._assumptions.ids_reads(self.records))
        return {"Records": self.records}

    def _collect(self, payload: Data) -> Data:
        # The records, the results and the manifest; the outcome, what is left and what has failed.
        self._meter.stored(puts=3, gets=3)
        if payload["Job"]["Status"] == status.FAILED:
            self._without_results += self._jobs.records
        return {"Again": False}

    def _leftovers(self, payload: Data) -> Data:
        given = self._assumptions
        self._meter.stored(puts=1, gets=given.shards(self.records))
        with_results = self.records - self._without_results
        self._left = round(with_results * given.left_records + self._without_results)
        self._without_results = 0
        if self._left >= given.limits.min_records_per_job and payload["Round"] < given.rounds:
            self.records = self._left
            return {"Next": CUT, "Round": payload["Round"] + 1}
        return {"Next": ASK if self._left else DONE, "Round": payload["Round"]}

    def _ask(self, payload: Data) -> Data:  # noqa: ARG002 (all tasks are alike)
        self._meter.stored(puts=2, gets=1)
        return {"Again": False}

    def _summarize(self, payload: Data) -> Data:  # noqa: ARG002 (there is one run)
        self._meter.stored(puts=1, gets=self.shards)
        return {"Summary": {}}

    def _read(self, objects: int) -> float:
        return objects * self._assumptions.object_seconds / self._assumptions.objects_at_once + self._listed(objects)

    def _compared(self, payload: Data) -> float:
        """Return the seconds that it takes to compare the ids, of a first round."""
        if _step(payload) != "shards" or payload["Round"] > 1:
            return 0
        given = self._assumptions
        return self.records / given.ids_per_second + self._read(given.ids_reads(self.records))

    def _listed(self, objects: int) -> float:
        return ceil(objects / _PAGE) * self._assumptions.object_seconds


def _step(payload: Data) -> str:
    """Return what is asked for; the function that asks on demand has one step only."""
    return str(payload.get("Step", "ask"))
