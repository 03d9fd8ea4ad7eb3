"""Jobs, staging and time that behave, without a service: what the lifecycle sees is what they hold."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from model_invocation_job import status
from model_invocation_job.clock import Deadline
from model_invocation_job.jobs.jobs import Job
from model_invocation_job.jobs.stacks import Resource
from model_invocation_job.requests.staged_object import StagedObject

ACCOUNT = "000000000000"
#: When the clock of the tests begins.
EPOCH = 1_800_000_000


class FakeClock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds

    def epoch(self) -> float:
        return EPOCH + self.seconds


@dataclass
class InMemoryStaging:
    placed: list[StagedObject] = field(default_factory=list)

    def stage(self, objects: Iterable[StagedObject], deadline: Deadline) -> None:  # noqa: ARG002 (it takes no time)
        self.placed.extend(objects)


@dataclass
class InMemoryJobs:
    """Jobs by ARN. `script` is the states that each later look at a job finds; `refusals` meet the next creates.

    `tagged` is the jobs' tags, by ARN; `tag_refusals` meet the next calls about them.
    """

    jobs: dict[str, Job] = field(default_factory=dict)
    tagged: dict[str, dict[str, str]] = field(default_factory=dict)
    tag_refusals: list[Exception] = field(default_factory=list)
    tag_calls: list[str] = field(default_factory=list)
    script: list[str] = field(default_factory=list)
    refusals: list[Exception] = field(default_factory=list)
    message: str = ""
    created: list[str] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)

    def check(self, name: str, token: str, parameters: Mapping[str, Any]) -> None:
        """Take everything: the rules are tested with the real client."""

    def create(self, name: str, token: str, parameters: Mapping[str, Any]) -> str:
        if self.refusals:
            raise self.refusals.pop(0)
        arn = f"arn:aws:bedrock:us-east-1:{ACCOUNT}:model-invocation-job/job{len(self.jobs):09d}"
        self.jobs[arn] = Job(
            arn=arn,
            name=name,
            status="Submitted",
            token=token,
            role_arn=parameters["roleArn"],
            input_uri=parameters["inputDataConfig"]["s3InputDataConfig"]["s3Uri"],
            output_uri=parameters["outputDataConfig"]["s3OutputDataConfig"]["s3Uri"],
        )
        self.tagged[arn] = {tag["key"]: tag["value"] for tag in parameters.get("tags", ())}
        self.created.append(arn)
        return arn

    def get(self, arn: str) -> Job | None:
        if arn in self.jobs and self.script:
            self.set_status(arn, self.script.pop(0))
        return self.jobs.get(arn)

    def listed(self, part_of_name: str) -> list[Job]:
        return [replace(job, token="", message="") for job in self.jobs.values() if part_of_name in job.name]

    def stop(self, arn: str) -> None:
        self.stopped.append(arn)
        if arn in self.jobs and status.is_live(self.jobs[arn].status):
            self.set_status(arn, "Stopping")
            self.script = self.script or ["Stopping", "Stopped"]

    def check_tags(self, tags: Sequence[Mapping[str, str]]) -> None:
        """Take everything, as `check` does."""

    def tags(self, arn: str) -> dict[str, str]:
        self._meet("list")
        return dict(self.tagged[arn])

    def tag(self, arn: str, tags: Mapping[str, str]) -> None:
        self._meet("tag")
        self.tagged[arn] |= tags

    def untag(self, arn: str, keys: Sequence[str]) -> None:
        self._meet("untag")
        self.tagged[arn] = {key: value for key, value in self.tagged[arn].items() if key not in keys}

    def _meet(self, call: str) -> None:
        self.tag_calls.append(call)
        if self.tag_refusals:
            raise self.tag_refusals.pop(0)

    def set_status(self, arn: str, status: str) -> None:
        message = self.message if status == "Failed" else ""
        self.jobs[arn] = replace(self.jobs[arn], status=status, message=message)


@dataclass
class InMemoryStacks:
    """A stack that wants its resources, until it is told otherwise; `directions` are what the next looks find.

    `others` is the statuses of resources that have one of their own; one without any is not there.
    """

    status: str = "UPDATE_IN_PROGRESS"
    physical_id: str = ""
    directions: list[bool | None] = field(default_factory=list)
    own: str | None = "CREATE_IN_PROGRESS"
    others: dict[str, str] = field(default_factory=dict)
    signals: list[tuple[str, str, str]] = field(default_factory=list)
    takes_signals: bool = True
    since: float = 0

    def resource(self, stack_id: str, logical_id: str) -> Resource | None:  # noqa: ARG002 (there is one stack)
        if logical_id in self.others:
            status = self.others[logical_id]
            return Resource(status, logical_id) if status else None
        return Resource(self.status, self.physical_id, self.since) if self.status else None

    def rolls_back(self, stack_id: str) -> bool | None:  # noqa: ARG002 (there is one stack)
        if self.directions:
            return self.directions.pop(0)
        return None if self.own is None else "ROLLBACK" in self.own

    def stack_status(self, stack_id: str) -> str | None:  # noqa: ARG002 (there is one stack)
        return self.own

    def signal(self, stack_id: str, logical_id: str, unique_id: str) -> bool:
        if self.takes_signals:
            self.signals.append((stack_id, logical_id, unique_id))
        return self.takes_signals
