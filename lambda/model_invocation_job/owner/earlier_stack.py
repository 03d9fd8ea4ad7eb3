"""Jobs that an earlier stack of the same name left running: the stack that is made again takes them.

Their names and tokens are made of the id of that stack, so neither tells that they are of this resource. The part of
the name that is made of the stack's *name* does, and the tag that they were left with; the token tells what for.
"""

import logging
from collections.abc import Callable, Iterable, Iterator

from model_invocation_job.arn import stack_name_of
from model_invocation_job.jobs.jobs import Job, Jobs
from model_invocation_job.jobs.resource_tags import ResourceTags
from model_invocation_job.owner import left_running
from model_invocation_job.owner.claim import Claim
from model_invocation_job.owner.notes import ADOPTED, Notes, owner_of
from model_invocation_job.owner.search import Search
from model_invocation_job.requests.request import JobRequest, WaitUntil

logger = logging.getLogger(__name__)


class EarlierStack:
    """Looks for such jobs, and remembers which were adopted: their tag is gone by then.

    Parameters
    ----------
    resource_tags
        Makes what knows the tags of jobs that are over, which few requests need.
    """

    def __init__(self, jobs: Jobs, notes: Notes, resource_tags: Callable[[], ResourceTags]) -> None:
        self._jobs = jobs
        self._notes = notes
        self._resource_tags = resource_tags
        self._search = Search(jobs)

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
        job = next(self._answering(adopted, request), None)
        if job or request.physical_id:
            return job
        listed = [job.arn for job in self._search.of_owner(request) if request.may_adopt(job.status)]
        job = next((job for job in self._answering(listed, request) if self._is_left(job, request)), None)
        if job:
            self._notes.note(owner_of(request), ADOPTED, [*adopted, job.arn])
            left_running.forget(job, self._jobs)
            logger.info("adopted the job that an earlier stack left running", extra=job.told)
        return job

    def _answering(self, arns: Iterable[str], request: JobRequest) -> Iterator[Job]:
        """Go through those jobs that answer the request, if they were left for it."""
        claim = Claim.of(request)
        found = (job for arn in arns if (job := self._jobs.get(arn)))
        return (job for job in found if request.may_adopt(job.status) and claim.was_left_for(job))

    def _is_left(self, job: Job, request: JobRequest) -> bool:
        stack = left_running.stack_that_left(job, self._jobs, self._resource_tags())
        return stack == stack_name_of(request.stack_id)
