"""Bedrock's jobs in a simulated account: as many at once as the quota leaves, each for its time."""

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any

from model_invocation_job import status
from model_invocation_job.errors import SubmissionError
from model_invocation_job.jobs.jobs import Job
from scale.agenda import Agenda
from scale.assumptions import Assumptions
from scale.meter import Meter

#: Of an event, and of what is told of a job.
Event = Mapping[str, Any]


class SimulatedJobs:
    """`model_invocation_job.jobs.jobs.Jobs`.

    Parameters
    ----------
    ended
        Takes Bedrock's event of a job's end.
    """

    def __init__(
        self, assumptions: Assumptions, agenda: Agenda, meter: Meter, chance: Random, ended: Callable[[Event], None]
    ) -> None:
        self._assumptions = assumptions
        self._agenda = agenda
        self._meter = meter
        self._chance = chance
        self._ended = ended
        self._jobs: dict[str, Job] = {}
        self._live: dict[str, Job] = {}
        #: Records of each job that is made from now on.
        self.records = 0.0
        #: Seconds of all jobs together, and until the first was made.
        self.work = self.began = 0.0

    def check(self, name: str, token: str, parameters: Event) -> None:
        """See `Jobs.check`."""

    def create(self, name: str, token: str, parameters: Event) -> str:  # noqa: ARG002 (none is asked for twice)
        """See `Jobs.create`."""
        if len(self._live) >= self._assumptions.places(self._agenda.now()):
            raise SubmissionError("ServiceQuotaExceededException: you have reached the quota")
        self.began = self.began or self._agenda.now()
        self._meter.jobs += 1
        arn = f"model-invocation-job/{self._meter.jobs:012}"
        self._jobs[arn] = self._live[arn] = Job(arn, name, status.SUBMITTED)
        seconds = self._assumptions.seconds_of_job(self.records) * factor(self._assumptions, self._chance)
        self.work += seconds
        self._agenda.after(seconds, lambda: self._end(arn))
        return arn

    def get(self, arn: str) -> Job | None:
        """See `Jobs.get`."""
        return self._jobs.get(arn)

    def listed(self, part_of_name: str) -> list[Job]:
        """See `Jobs.listed`."""
        return [job for job in self._jobs.values() if part_of_name in job.name]

    def live(self) -> list[Job]:
        """See `Jobs.live`."""
        return list(self._live.values())

    def stop(self, arn: str) -> None:
        """See `Jobs.stop`; no simulated run is stopped."""
        raise NotImplementedError(arn)

    def check_tags(self, tags: Sequence[Mapping[str, str]]) -> None:
        """See `Jobs.check_tags`."""

    def tags(self, arn: str) -> dict[str, str]:  # noqa: ARG002 (none has tags)
        """See `Jobs.tags`."""
        return {}

    def tag(self, arn: str, tags: Mapping[str, str]) -> None:
        """See `Jobs.tag`."""

    def untag(self, arn: str, keys: Sequence[str]) -> None:
        """See `Jobs.untag`."""

    def _end(self, arn: str) -> None:
        del self._live[arn]
        fails = self._chance.random() < self._assumptions.failed_jobs
        job = Job(arn, self._jobs[arn].name, status.FAILED if fails else status.COMPLETED)
        self._jobs[arn] = job
        if self._chance.random() >= self._assumptions.lost_events:
            told = {"batchJobName": job.name, "batchJobArn": arn, "status": job.status}
            self._agenda.after(self._assumptions.event_seconds, lambda: self._ended({"detail": told}))


def factor(assumptions: Assumptions, chance: Random) -> float:
    """Return how many times as long as usual a job takes."""
    low, high = assumptions.shortest, assumptions.longest
    return low * float((high / low) ** chance.random())
