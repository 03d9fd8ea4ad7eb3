"""The jobs of the service, of every account and Region."""

import threading
from bisect import insort
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bedrock_local.bedrock.jobs.behaviours import Behaviours
from bedrock_local.bedrock.jobs.clock import timestamp
from bedrock_local.bedrock.jobs.job import Job
from bedrock_local.bedrock.jobs.quotas import Quotas
from bedrock_local.bedrock.service_model.errors import (
    ConflictException,
    ServiceQuotaExceededException,
    ValidationException,
)
from bedrock_local.names.place import Place


def position(job: Job) -> str:
    """Return what jobs are sorted by.

    Parameters
    ----------
    job
        The job.

    Returns
    -------
    str
        When it was made, and its id: so that a page neither repeats nor skips jobs made in the same millisecond.
    """
    return f"{timestamp(job.submit_time)} {job.job_id}"


@dataclass
class _Jobs:
    """The jobs of one account in one Region."""

    in_order: list[Job] = field(default_factory=list)
    by_name: dict[str, Job] = field(default_factory=dict)
    by_token: dict[str, Job] = field(default_factory=dict)
    live_by_model: dict[str, list[Job]] = field(default_factory=lambda: defaultdict(list))

    def add(self, job: Job) -> None:
        insort(self.in_order, job, key=position)
        self.by_name[job.name] = job
        if token := job.request.get("clientRequestToken"):
            self.by_token[token] = job
        self.live_by_model[job.model.foundation_id].append(job)

    def forget_oldest(self) -> Job | None:
        """Forget the oldest job that is over, and return it; its name and token are free again."""
        job = next((each for each in self.in_order if each.ended), None)
        if job:
            self.in_order.remove(job)
            # A newer one may have its name, where that of a job that is over is free.
            if self.by_name.get(job.name) is job:
                del self.by_name[job.name]
            self.by_token.pop(job.request.get("clientRequestToken", ""), None)
            # Of another model none may be asked for again.
            self.live(job.model.foundation_id)
        return job

    def live(self, foundation_id: str) -> int:
        """Count the jobs of a model that have not ended. Those that have are not looked at again."""
        live = [job for job in self.live_by_model[foundation_id] if not job.ended]
        self.live_by_model[foundation_id] = live
        return len(live)


class JobStore:
    """All jobs, in memory.

    Parameters
    ----------
    quotas
        How many jobs of a model may be live at a time, and how many are kept, per account and Region.
    behaviours
        What becomes of names and tokens.
    """

    def __init__(self, quotas: Quotas, behaviours: Behaviours) -> None:
        self._quotas = quotas
        self._behaviours = behaviours
        self._places: dict[Place, _Jobs] = defaultdict(_Jobs)
        self._by_arn: dict[str, Job] = {}
        self._lock = threading.Lock()

    def add(self, request: Mapping[str, Any], place: Place, create: Callable[[], Job]) -> tuple[Job, bool]:
        """Create a job, or find the one that an earlier request with the same token created.

        Parameters
        ----------
        request
            The members of CreateModelInvocationJob, defaults filled in.
        place
            The account and Region.
        create
            Makes the job.

        Returns
        -------
        tuple[Job, bool]
            The job, and whether it is new.

        Raises
        ------
        ConflictException, ValidationException
            If the token was used with other parameters, or the name is in use.
        ServiceQuotaExceededException
            If the model has as many live jobs as it may have.
        """
        with self._lock:
            here = self._places[place]
            if earlier := here.by_token.get(request.get("clientRequestToken", "")):
                return self._checked(earlier, request), False
            self._check_name(here.by_name.get(request["jobName"]))
            job = create()
            self._check_quota(here, job.model.foundation_id)
            here.add(job)
            self._by_arn[job.arn] = job
            self._forget(here)
            return job, True

    def find(self, arn: str, place: Place) -> Job | None:
        """Find a job.

        Parameters
        ----------
        arn
            Its ARN.
        place
            The account and Region to look in.

        Returns
        -------
        Job or None
            The job, if it is there.
        """
        job = self._by_arn.get(arn)
        return job if job and job.place == place else None

    def find_anywhere(self, arn: str) -> Job | None:
        """Find a job of whatever account and Region; None if it is not there."""
        return self._by_arn.get(arn)

    def all(self, place: Place) -> Sequence[Job]:
        """List the jobs of an account in a Region.

        Parameters
        ----------
        place
            The account and Region.

        Returns
        -------
        Sequence[Job]
            Oldest first, in the order of `position`.
        """
        with self._lock:
            return self._places[place].in_order.copy()

    def everywhere(self) -> list[Job]:
        """List the jobs of all accounts and Regions, in the order in which they were made."""
        with self._lock:
            return list(self._by_arn.values())

    def _forget(self, here: _Jobs) -> None:
        while len(here.in_order) > self._quotas.kept_jobs and (forgotten := here.forget_oldest()):
            del self._by_arn[forgotten.arn]

    def _checked(self, earlier: Job, request: Mapping[str, Any]) -> Job:
        if earlier.request != request and self._behaviours.repeated_token == "conflict":  # noqa: S105 -- no secret
            raise ConflictException("The provided client request token was used with different parameters")
        return earlier

    def _check_name(self, holder: Job | None) -> None:
        if holder is None or (holder.ended and self._behaviours.name_of_ended_job == "free"):
            return
        error = ConflictException if self._behaviours.name_in_use == "conflict" else ValidationException
        raise error("The provided job name is currently in use")

    def _check_quota(self, here: _Jobs, foundation_id: str) -> None:
        most = self._quotas.of(foundation_id).jobs_per_model
        if here.live(foundation_id) >= most:
            raise ServiceQuotaExceededException(
                f"The number of in-progress and submitted batch inference jobs using {foundation_id} "
                f"has reached the quota of {most}"
            )
