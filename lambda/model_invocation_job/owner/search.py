"""The jobs that there are for a wish, and which of them answers it.

* A job that runs answers only the specification that it runs with.
* A job that is Completed answers every wish for its results: what only matters while a job runs, such as its timeout,
  is no reason to pay for them again.
* A job that ended otherwise answers nothing. If it is the one of this very request, that is told, and no other is made.
"""

import logging
from collections.abc import Iterable, Iterator

from model_invocation_job.jobs.jobs import Job, Jobs
from model_invocation_job.owner.claim import Claim
from model_invocation_job.requests.request import JobRequest

logger = logging.getLogger(__name__)


class Search:
    """Looks for jobs, given the jobs that exist."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs

    def described(self, request: JobRequest, but: str | None = None) -> Iterator[Job]:
        """Find the jobs of this resource and this specification, newest first; one ARN is passed over unread."""
        claim = Claim.of(request)
        if not request.parameters:
            # Of properties that cannot be read no job can have been made.
            return iter(())
        wishes = (claim.identity.wish, claim.identity.earlier_wish)
        return (job for job in self.named(wishes, but) if claim.describes(job))

    def answer(self, request: JobRequest) -> Job | None:
        """Return the job that there is for a request: its own, however that ended, else one that answers its wish."""
        claim = Claim.of(request)
        jobs = [job for job in self.named(_parts(claim)) if claim.describes(job) or _has_results(job, claim, request)]
        described = [job for job in jobs if claim.describes(job)]
        for own in (claim.of_second, claim):
            if job := next((job for job in described if own.made(job)), None):
                return job
        # One that runs as it is asked for has an owner again, and a roll-back the job of before.
        job = next((job for job in [*described, *jobs] if request.may_adopt(job.status)), None)
        if job:
            logger.info("adopted the job of this wish", extra=job.told)
        return job

    def listed(self, request: JobRequest, arn: str) -> Job | None:
        """Return what lists tell of a job: less than Get, and where Get is refused."""
        parts = _parts(Claim.of(request))
        return next((job for part in parts for job in self._jobs.listed(part) if job.arn == arn), None)

    def of_owner(self, request: JobRequest) -> list[Job]:
        """Return what lists tell of all jobs that this resource, or that of an earlier stack of the name, asked for."""
        part = Claim.of(request).identity.owner_part
        # A text that begins with a hyphen is none that Bedrock looks for.
        return self._jobs.listed(f"{part}-") if part else []

    def named(self, parts: Iterable[str], but: str | None = None) -> Iterator[Job]:
        """Find the jobs whose names contain one of some texts; one that is listed and cannot be found is none."""
        for part in parts:
            for listed in self._jobs.listed(part):
                if listed.arn != but and (job := self._jobs.get(listed.arn)):
                    yield job


def _parts(claim: Claim) -> tuple[str, str]:
    """Return what is in the names of all jobs with the results of a request, and of those of earlier versions."""
    return claim.identity.results_part, claim.identity.earlier_wish


def _has_results(job: Job, claim: Claim, request: JobRequest) -> bool:
    return request.is_fulfilled_by(job.status) and claim.has_results_of(job)
