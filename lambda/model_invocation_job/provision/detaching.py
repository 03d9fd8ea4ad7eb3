"""Waiting until a job has left its VPC: neither security groups nor subnets can go before its network interfaces.

Bedrock deletes them with the job's role some time after the job's end, and nobody knows how long that takes. So the
role stays until they are gone, and a Delete does not wait for ever.
"""

import logging

from model_invocation_job import status
from model_invocation_job.arn import role_of
from model_invocation_job.clock import Clock, Deadline, pauses
from model_invocation_job.errors import JobError, ThrottledError, UnavailableError
from model_invocation_job.jobs.interfaces import Interfaces
from model_invocation_job.jobs.jobs import Job
from model_invocation_job.patience import persist
from model_invocation_job.provision.stopping import Stopping
from model_invocation_job.requests.request import JobRequest
from model_invocation_job.waiting.holding import Hold
from model_invocation_job.waiting.watching import FIRST_LOOK_SECONDS, IN_PROCESS_SECONDS

logger = logging.getLogger(__name__)

#: Seconds for which a Delete waits.
DETACHING_SECONDS = 600


class Detaching:
    """Waits for the end of interfaces, given what tells of them and of jobs."""

    def __init__(self, stopping: Stopping, interfaces: Interfaces, clock: Clock) -> None:
        self._stopping = stopping
        self._interfaces = interfaces
        self._clock = clock

    def is_over(self, request: JobRequest, deadline: Deadline, hold: Hold | None) -> bool:
        """Wait until no interface of the resource's jobs is left; what is left after all goes into the log.

        Parameters
        ----------
        request
            A Delete, whose jobs have ended.
        deadline
            When nothing more is started.
        hold
            How the request can be held.

        Returns
        -------
        bool
            False where the request is held.
        """
        if not request.parameters.get("vpcConfig"):
            return True
        again = hold.again if hold else None
        until = again.until if again else self._until()
        try:
            jobs = persist(lambda: self._unseen(request, again.job if again else ""), deadline)
        except JobError as error:
            logger.warning("not waiting for network interfaces, for it is not known of which jobs: %s", error)
            return True
        return all(self._is_gone(job, until, deadline, hold) for job in jobs)

    def wait_for_kept(self, job: Job, request: JobRequest, deadline: Deadline) -> None:
        """Wait where an Update keeps a job that is over, and not the network or the role that it ran with.

        They go when the Update is over. It is rare that anything is left by then, so the function waits itself.

        Parameters
        ----------
        job
            The job, as Bedrock shows it.
        request
            The Update.
        deadline
            When nothing more is started.
        """
        network = job.running.get("vpcConfig")
        is_exempt = network is None or status.is_live(job.status) or not request.stop_on_delete
        stays = network == request.parameters.get("vpcConfig") and _has_role(job, request)
        if not (is_exempt or stays):
            self._is_gone(job.arn, self._until(), deadline, None)

    def _until(self) -> int:
        return int(self._clock.epoch()) + DETACHING_SECONDS

    def _unseen(self, request: JobRequest, waited_for: str) -> list[str]:
        """Return the jobs but for those before the one that has been waited for, if one has."""
        jobs = [job.arn for job in self._stopping.owned(request)]
        return jobs[jobs.index(waited_for) :] if waited_for in jobs else jobs

    def _is_gone(self, job: str, until: int, deadline: Deadline, hold: Hold | None) -> bool:
        is_waited_for = hold is not None and hold.is_over(job)
        limit = deadline.within(0 if is_waited_for else until - self._clock.epoch())
        while left := self._left(job, limit.within(IN_PROCESS_SECONDS)):
            if limit.left <= 0:
                told = ", ".join(left)
                logger.warning("subnets cannot go before the network interfaces that %s leaves: %s", job, told)
                break
            if hold and hold.take(job, until, FIRST_LOOK_SECONDS):
                return False
        return True

    def _left(self, job: str, limit: Deadline) -> list[str]:
        """Return what is left at a time; what cannot be told now may be something, what may not be told is nothing."""
        try:
            return self._seen(job, limit)
        except (ThrottledError, UnavailableError) as error:
            return [str(error)]
        except JobError as error:
            logger.warning("not waiting for what nobody may see: %s", error)
            return []

    def _seen(self, job: str, limit: Deadline) -> list[str]:
        for pause in pauses():
            try:
                left = self._interfaces.of(job)
            except JobError as error:
                if not limit.pause(pause):
                    raise
                logger.info("looking again: %s", error)
            else:
                if not (left and limit.pause(pause)):
                    return left
        raise AssertionError  # the pauses never end


def _has_role(job: Job, request: JobRequest) -> bool:
    return role_of(job.role_arn) == role_of(request.parameters["roleArn"])
