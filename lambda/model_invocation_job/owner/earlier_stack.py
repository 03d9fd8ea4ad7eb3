"""Jobs that an earlier stack of the same name left running: the stack that is made again takes them.

Their names and tokens are made of the id of that stack, so neither tells that they are of this resource. The part of
the name that is made of the stack's *name* does, and the tag that they were left with; the token tells what for.
"""

import logging

from model_invocation_job import status
from model_invocation_job.arn import stack_name_of
from model_invocation_job.jobs.jobs import Job, Jobs
from model_invocation_job.owner import left_running
from model_invocation_job.owner.claim import Claim
from model_invocation_job.owner.notes import ADOPTED, Notes, owner_of
from model_invocation_job.requests.request import JobRequest, WaitUntil

logger = logging.getLogger(__name__)


class EarlierStack:
    """Looks for such jobs, and remembers which were adopted: their tag is gone by then."""

    def __init__(self, jobs: Jobs, notes: Notes) -> None:
        self._jobs = jobs
        self._notes = notes

    def job(self, request: JobRequest) -> Job | None:
        """Return a job for a request that has none of its own, if one was left or adopted.

        Raises
        ------
        JobError
            What was adopted cannot be read, or not be remembered.
        """
        if request.wait_until is not WaitUntil.FINISHED:
            return None
        adopted = self._notes.noted(owner_of(request), ADOPTED)
        job = self._answer([job for arn in adopted if (job := self._jobs.get(arn))], request)
        if job or request.physical_id:
            return job
        job = next((job for job in self._left(request) if self._is_left(job, request)), None)
        if job:
            self._notes.note(owner_of(request), ADOPTED, [*adopted, job.arn])
            logger.info("adopted the job that an earlier stack left running", extra=job.told)
        return job

    def _left(self, request: JobRequest) -> list[Job]:
        claim = Claim.of(request)
        part = claim.identity.owner_part
        # A text that begins with a hyphen is none that Bedrock looks for.
        listed = self._jobs.listed(f"{part}-") if part else []
        found = [job for each in listed if _is_adoptable(each, request) and (job := self._jobs.get(each.arn))]
        return [job for job in found if _is_adoptable(job, request) and claim.was_left_for(job)]

    def _answer(self, jobs: list[Job], request: JobRequest) -> Job | None:
        claim = Claim.of(request)
        return next((job for job in jobs if _is_adoptable(job, request) and claim.was_left_for(job)), None)

    def _is_left(self, job: Job, request: JobRequest) -> bool:
        return left_running.stack_of(job, self._jobs) == stack_name_of(request.stack_id)


def _is_adoptable(job: Job, request: JobRequest) -> bool:
    return status.is_adoptable(job.status, partial=request.accepts_partial)
