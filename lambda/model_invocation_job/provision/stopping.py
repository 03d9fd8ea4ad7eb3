"""How jobs are brought to their end: by a Delete, or where CloudFormation will never send one.

Only a job of this resource is ever stopped: see ``claim.py``.
"""

import logging
from collections.abc import Callable, Iterable, Iterator

from model_invocation_job import status
from model_invocation_job.clock import Deadline, pauses
from model_invocation_job.errors import StopError, ThrottledError, UnavailableError
from model_invocation_job.jobs.jobs import Job, Jobs
from model_invocation_job.owner import second_try
from model_invocation_job.owner.claim import Claim
from model_invocation_job.owner.search import Search
from model_invocation_job.provision.leaving import Leaving
from model_invocation_job.requests.request import JobRequest

logger = logging.getLogger(__name__)

#: Seconds for which the end of a job is waited for.
STOP_SECONDS = 300


class Stopping:
    """Stops jobs, given the jobs that exist and what tells which of them go on."""

    def __init__(self, jobs: Jobs, leaving: Leaving) -> None:
        self._jobs = jobs
        self._leaving = leaving
        self._search = Search(jobs)

    def stop_owned(self, request: JobRequest, deadline: Deadline) -> bool:
        """Stop what the resource still has running, but for what a deployment left running on purpose.

        Returns
        -------
        bool
            Whether none of it goes on.

        Raises
        ------
        StopError
            A job of ours goes on.
        """
        if not request.stop_on_delete:
            return False
        left: set[str] = set()
        self._stop_all(lambda: self._not_left(request, left, deadline), deadline)
        return not left

    def owned(self, request: JobRequest) -> list[Job]:
        """Return the jobs that a resource stands for, as far as they are known to be its own."""
        if not request.job_arn:
            # An id that we never gave: CloudFormation gave up on a Create whose answer it did not get.
            return list(self._search.described(request))
        job, claim = self._jobs.get(request.job_arn), Claim.of(request)
        if job is None:
            return []
        if not claim.holds(job):
            logger.warning("the job is not known to be of this resource: left alone", extra=job.told)
            return []
        second = second_try.name_of_its_second(job)
        return [job, *(other for other in self._search.named([second]) if claim.holds(other))] if second else [job]

    def is_left(self, job: Job, request: JobRequest) -> bool:
        """Whether a job that runs was left running on purpose, when a deployment gave up to wait for it."""
        return self._leaving.is_left(job, request)

    def stop_all_but_known(self, request: JobRequest, deadline: Deadline) -> None:
        """Stop the jobs of a specification, except the one that CloudFormation knows.

        Raises
        ------
        StopError
            A job of ours goes on.
        """
        self._stop_all(lambda: self._search.described(request, but=request.physical_id), deadline)

    def _stop_all(self, look: Callable[[], Iterable[Job]], deadline: Deadline) -> None:
        """Stop what a look finds, looking again after a failure that may pass: nobody else will stop these jobs."""
        deadline = deadline.within(STOP_SECONDS)
        for pause in pauses():
            try:
                for job in look():
                    self.stop(job, deadline)
            except (ThrottledError, UnavailableError) as error:
                logger.info("trying again: %s", error)
                if not deadline.pause(pause):
                    raise
            else:
                return

    def stop(self, job: Job, deadline: Deadline) -> None:
        """Stop a job and wait for its end. A job that is still stopping at the deadline counts as stopped."""
        for pause in pauses():
            if not status.is_live(job.status):
                return
            if job.status != status.STOPPING:
                logger.info("stopping the job", extra=job.told)
                self._jobs.stop(job.arn)
            left = deadline.pause(pause)
            now = self._jobs.get(job.arn)
            if now is None or (now.status == status.STOPPING and not left):
                return
            if not left and status.is_live(now.status):
                raise StopError(f"{job.arn} is still {now.status} although a stop was asked for: stop it by hand")
            job = now

    def _not_left(self, request: JobRequest, left: set[str], deadline: Deadline) -> Iterator[Job]:
        """Pass on the jobs that are to be stopped, and remember the others."""
        for job in self.owned(request):
            if self._leaving.leaves(job, request, deadline):
                logger.info("left running, for its wait was over", extra=job.told)
                left.add(job.arn)
            else:
                yield job
