"""The jobs of the service, of every account and Region."""

import threading
from collections.abc import Callable, Mapping
from typing import Any

from bedrock_local.bedrock.errors import ConflictException, ServiceQuotaExceededException
from bedrock_local.bedrock.job import Job
from bedrock_local.bedrock.ports import Place


class JobStore:
    """All jobs, in memory.

    Parameters
    ----------
    jobs_per_model
        Jobs of one model that may be live at a time, per account and Region.
    """

    def __init__(self, jobs_per_model: int) -> None:
        self._jobs_per_model = jobs_per_model
        self._jobs: dict[str, Job] = {}
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
        ConflictException
            If the token was used with other parameters, or the name is in use. Whether the service gives a name free
            when its job has ended is not documented; here it does not.
        ServiceQuotaExceededException
            If the model has as many live jobs as it may have.
        """
        with self._lock:
            here = self.all(place)
            if earlier := _with_token(here, request.get("clientRequestToken")):
                return _same_request(earlier, request), False
            if any(job.name == request["jobName"] for job in here):
                raise ConflictException("The provided job name is currently in use")
            job = create()
            self._check_quota(here, job.model.foundation_id)
            self._jobs[job.arn] = job
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
        job = self._jobs.get(arn)
        return job if job and job.place == place else None

    def all(self, place: Place) -> list[Job]:
        """List the jobs of an account in a Region.

        Parameters
        ----------
        place
            The account and Region.

        Returns
        -------
        list[Job]
            Oldest first.
        """
        return [job for job in list(self._jobs.values()) if job.place == place]

    def _check_quota(self, here: list[Job], foundation_id: str) -> None:
        live = sum(1 for job in here if not job.ended and job.model.foundation_id == foundation_id)
        if live >= self._jobs_per_model:
            raise ServiceQuotaExceededException(
                f"The number of in-progress and submitted batch inference jobs using {foundation_id} "
                f"has reached the quota of {self._jobs_per_model}"
            )


def _with_token(jobs: list[Job], token: str | None) -> Job | None:
    return next((job for job in jobs if token and job.request.get("clientRequestToken") == token), None)


def _same_request(job: Job, request: Mapping[str, Any]) -> Job:
    if job.request != request:
        raise ConflictException("The provided client request token was used with different parameters")
    return job
