"""How jobs are brought to their end: by a Delete, or where CloudFormation will never send one.

Only a job whose token says that this resource asked for it is ever stopped.
"""

import logging
from collections.abc import Callable

from model_invocation_job import status
from model_invocation_job.clock import Deadline, pauses
from model_invocation_job.errors import StopError, ThrottledError, UnavailableError
from model_invocation_job.identity import JobIdentity
from model_invocation_job.jobs import Job, Jobs
from model_invocation_job.request import JobRequest

logger = logging.getLogger(__name__)

#: Seconds for which the end of a job is waited for.
STOP_SECONDS = 300


class Stopping:
    """Stops jobs, given the jobs that exist."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs

    def stop_owned(self, request: JobRequest, deadline: Deadline) -> None:
        """Stop what the resource still has running.

        Raises
        ------
        StopError
            A job of ours goes on.
        """
        if request.stop_on_delete:
            self._stop_all(lambda: self._owned(request), deadline)

    def stop_all_but_known(self, request: JobRequest, deadline: Deadline) -> None:
        """Stop the jobs of a specification, except the one that CloudFormation knows.

        Raises
        ------
        StopError
            A job of ours goes on.
        """
        self._stop_all(lambda: [job for job in self._wished(request) if job.arn != request.physical_id], deadline)

    def _stop_all(self, look: Callable[[], list[Job]], deadline: Deadline) -> None:
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

    def _owned(self, request: JobRequest) -> list[Job]:
        if request.job_arn:
            job = self._jobs.get(request.job_arn)
            if job and not JobIdentity.of(request).owns(job):
                logger.warning("the job is not known to be of this resource: left alone", extra=job.told)
                return []
            return [job] if job else []
        # An id that we never gave: CloudFormation gave up on a Create whose answer it did not get.
        return self._wished(request)

    def _wished(self, request: JobRequest) -> list[Job]:
        identity = JobIdentity.of(request)
        return [job for job in self._jobs.find(identity.wish) if identity.describes(job)]
