"""Jobs, staging and time that behave, without a service: what the lifecycle sees is what they hold."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from model_invocation_job import status
from model_invocation_job.clock import Deadline
from model_invocation_job.jobs.jobs import Job
from model_invocation_job.jobs.stacks import Resource
from model_invocation_job.requests.request import StagedObject
from model_invocation_job.waiting.waits import Wait

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


@dataclass
class InMemoryWaits:
    """A table. `refusals` meet the next calls that are named so."""

    items: dict[tuple[str, str], Wait] = field(default_factory=dict)
    leases: dict[tuple[str, str], int] = field(default_factory=dict)
    notes: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    refusals: dict[str, list[Exception]] = field(default_factory=dict)

    def put(self, wait: Wait) -> Wait:
        self._meet("put")
        standing = self.items.get((wait.job, wait.name))
        if standing and standing.request == wait.request:
            return standing
        self.items[wait.job, wait.name] = wait
        self.leases[wait.job, wait.name] = 0
        return wait

    def get(self, job: str, name: str) -> Wait | None:
        self._meet("get")
        return self.items.get((job, name))

    def lease(self, job: str, name: str, now: int, until: int) -> Wait | None:
        self._meet("lease")
        if (job, name) not in self.items or self.leases[job, name] >= now:
            return None
        self.leases[job, name] = until
        return self.items[job, name]

    def release(self, wait: Wait) -> None:
        self._meet("release")
        self.leases[wait.job, wait.name] = 0

    def delete(self, wait: Wait) -> None:
        self._meet("delete")
        self.items.pop((wait.job, wait.name), None)

    def of(self, job: str) -> list[Wait]:
        self._meet("of")
        return [wait for wait in self.items.values() if wait.job == job]

    def note(self, owner: str, name: str, texts: Sequence[str]) -> None:
        self._meet("note")
        self.notes[owner, name] = tuple(texts)

    def noted(self, owner: str, name: str) -> tuple[str, ...]:
        self._meet("noted")
        return self.notes.get((owner, name), ())

    def drop(self, owner: str, name: str) -> None:
        self._meet("drop")
        self.notes.pop((owner, name), None)

    def _meet(self, call: str) -> None:
        if self.refusals.get(call):
            raise self.refusals[call].pop(0)


@dataclass
class RecordedLooks:
    """Who was asked to look, and from how many seconds on; `refusals` meet the next ones."""

    started: list[tuple[Wait, int]] = field(default_factory=list)
    refusals: list[Exception] = field(default_factory=list)

    def start(self, wait: Wait, seconds: int) -> None:
        if self.refusals:
            raise self.refusals.pop(0)
        self.started.append((wait, seconds))


@dataclass
class RecordedRoles:
    """What was removed; `refusals` meet the next calls."""

    removed: list[str] = field(default_factory=list)
    refusals: list[Exception] = field(default_factory=list)

    def delete_inline(self, role: str, policy: str) -> None:
        self._remove(f"{role}/{policy}")

    def delete_managed(self, role: str, policy: str) -> None:
        self._remove(f"{role}/{policy}")

    def delete(self, role: str) -> None:
        self._remove(role)

    def _remove(self, what: str) -> None:
        if self.refusals:
            raise self.refusals.pop(0)
        self.removed.append(what)


@dataclass
class InMemoryManifests:
    """Manifests by folder; `refusals` meet the next reads."""

    manifests: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    refusals: list[Exception] = field(default_factory=list)

    def read(self, folder: str) -> Mapping[str, Any]:
        if self.refusals:
            raise self.refusals.pop(0)
        return self.manifests.get(folder, {})
