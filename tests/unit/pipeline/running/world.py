"""The ledger in a real table, scripted jobs behind HTTP, and those who wait, who note what they are told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from batch_inference_pipeline.ledger.attempt import AttemptId, key_of
from batch_inference_pipeline.ledger.table import DynamoDbLedger
from batch_inference_pipeline.running.ending import Ending
from batch_inference_pipeline.running.opening import Opening
from batch_inference_pipeline.running.order import Order
from batch_inference_pipeline.running.quota import Fixed, Quota
from batch_inference_pipeline.running.specification import Specification
from batch_inference_pipeline.running.starting import Starting
from batch_inference_pipeline.running.watching import Watching
from model_invocation_job.jobs.jobs import BedrockJobs
from model_invocation_job.waiting.looking import Next
from tests.faults.bedrock import Bedrock, job_parameters
from tests.faults.front import Front
from tests.unit.handler.fakes import FakeClock

PIPELINE, RUN = "Ledger", "night"
KEY = key_of(PIPELINE, RUN)
TAGS = ({"key": "team", "value": "search"},)


@dataclass
class Machines:
    """Those who wait, by their tokens, and the executions that go on."""

    told: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    running: set[str] = field(default_factory=set)
    looks: list[tuple[str, str, int, int]] = field(default_factory=list)
    redriven: dict[str, int] = field(default_factory=dict)
    #: How many of the next ones who are told do not hear it.
    deaf: int = 0

    def succeed(self, task: str, output: Mapping[str, Any]) -> None:
        if self.deaf:
            self.deaf -= 1
            raise ConnectionError("Step Functions does not answer")
        self.told.append((task, output))

    def is_running(self, execution: str) -> bool:
        return execution in self.running

    def redrives(self, execution: str) -> int:
        return self.redriven.get(execution, 0)

    def look_at(self, run: str, name: str, seconds: int, until: int) -> None:
        self.looks.append((run, name, seconds, until))


class World:
    """A pipeline's function for jobs, and all around it."""

    def __init__(
        self, table: Any, bedrock_client: Any, bedrock: Bedrock, front: Front, *, concurrent: bool = False
    ) -> None:
        self.bedrock, self.front, self.machines, self.clock = bedrock, front, Machines(), FakeClock()
        self.ledger = DynamoDbLedger(table, PIPELINE, lambda _: None, concurrent=concurrent)
        self.jobs = BedrockJobs(bedrock_client)
        self.specification = Specification("Nightly-0a1b2c3d", job_parameters("ours"), TAGS)
        self.ending = Ending(self.ledger, self.machines)
        self.starting = Starting(self.ledger, self.jobs, self.ending, self.specification, self.clock)
        self.watching = Watching(self.ledger, self.jobs, self.machines, self.ending, self.clock, quota=Fixed(3))
        self.opening = self.opening_with(Fixed(3))

    def opening_with(self, quota: Quota, deadline: int = 0) -> Opening:
        """How runs begin where so many jobs may run, and until when."""
        parts = self.ledger, self.machines, self.clock
        return Opening(*parts, pipeline=PIPELINE, quota=quota, deadline=deadline)

    def open(self, execution: str = "execution-1", *, name: str = RUN, **given: str) -> dict[str, Any]:
        self.machines.running.add(execution)
        return self.opening.open({"Id": execution, "Name": name, "Input": given})

    def look(self, until: int | None = None) -> Next:
        """Look as the first execution that looks does."""
        return self.watching.look(KEY, self.machines.looks[0][3] if until is None else until)

    def order(self, shard: int = 1, attempt: int = 1, task: str = "task", until: int = 0) -> Order:
        event = {
            "Run": RUN,
            "Round": 1,
            "Attempt": attempt,
            "Shard": {"Shard": f"000001-{shard:03}", "Bucket": "input", "Key": f"{shard}.jsonl"},
            "Task": task,
            "Redrives": 0,
            "Until": until,
        }
        return Order.of(PIPELINE, event)

    def id(self, shard: int = 1, attempt: int = 1) -> AttemptId:
        return self.order(shard, attempt).id

    def event(self, arn: str, status: str, name: str = "") -> dict[str, Any]:
        """What Bedrock tells of a job."""
        detail = {"batchJobArn": arn, "batchJobName": name or self.bedrock.job(arn).name, "status": status}
        return {"source": "aws.bedrock", "detail": {**detail, "failureMessage": "why"}}

    @property
    def names(self) -> list[str]:
        """Of all jobs that there are, oldest first."""
        return [job.name for job in self.bedrock.jobs]

    @property
    def tasks(self) -> list[str]:
        """Those that were told, in turn."""
        return [task for task, _ in self.machines.told]
