"""How long a job is watched before the deployment goes on, and what is said of one that has failed."""

import logging

from model_invocation_job import status
from model_invocation_job.clock import Deadline, pauses
from model_invocation_job.errors import JobError, JobFailedError
from model_invocation_job.jobs.jobs import Job, Jobs
from model_invocation_job.owner.identity import JobIdentity
from model_invocation_job.requests.request import JobRequest, WaitUntil
from model_invocation_job.waiting.holding import Hold

logger = logging.getLogger(__name__)

#: Seconds for which a job is watched before its request is held, and those to the first look after that.
IN_PROCESS_SECONDS, FIRST_LOOK_SECONDS = 10, 5


class Watching:
    """Looks at jobs, given the jobs that exist."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs

    def follow(self, job: Job, request: JobRequest, deadline: Deadline, hold: Hold | None = None) -> Job | None:
        """Wait until the job is as far as the request asks, has ended, or the time is over.

        Parameters
        ----------
        job
            As it was seen last.
        request
            A Create or an Update.
        deadline
            When nothing more is started.
        hold
            How the request can be held.

        Returns
        -------
        Job or None
            None where the request is held.
        """
        if request.wait_until is WaitUntil.SUBMITTED or (hold and hold.is_over(job.arn)):
            return job
        if hold:
            return self._validated_or_held(job, request.validation_timeout, deadline, hold)
        return self._validated(job, deadline.within(request.validation_timeout))

    def succeeded(self, job: Job, request: JobRequest) -> Job:
        """Return a job that is in good health.

        Raises
        ------
        JobFailedError
            The job ended without results; the text holds Bedrock's own message.
        """
        if job.status in status.UNSUCCESSFUL and not request.is_fulfilled_by(job.status):
            raise failure(job, JobIdentity.of(request))
        return job

    def look_again(self, job: Job) -> Job:
        """Describe a job; what was known of it stands when it is not readable (yet)."""
        try:
            return self._jobs.get(job.arn) or job
        except JobError as error:
            logger.warning("%s", error)
            return job

    def _validated_or_held(self, job: Job, seconds: float, deadline: Deadline, hold: Hold) -> Job | None:
        until = hold.until(seconds)
        limit = deadline.within(hold.left(until))
        while True:
            # Most jobs that fail do so at once; then nobody has to be woken up.
            job = self._validated(job, limit.within(IN_PROCESS_SECONDS))
            if job.status not in status.UNVALIDATED or limit.left <= 0:
                return job
            if hold.take(job.arn, until, FIRST_LOOK_SECONDS):
                return None

    def _validated(self, job: Job, deadline: Deadline) -> Job:
        for pause in pauses():
            if job.status not in status.UNVALIDATED or not deadline.pause(pause):
                return job
            job = self.look_again(job)
        return job


def failure(job: Job, identity: JobIdentity) -> JobFailedError:
    """Return what to tell of a job that ended without results."""
    again = " with another" if identity.given_token else "; if nothing in the job changes, give it another"
    changeable = "client_request_token" if identity.given_token else "run_token"
    return JobFailedError(
        f"The job ended as {job.status}. {job.remedy} and deploy again{again} '{changeable}'. {job.last_words}"
    )
