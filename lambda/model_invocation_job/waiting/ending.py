"""Waiting for the end of a job, by holding the request that asks for it."""

import logging

from model_invocation_job import status
from model_invocation_job.clock import Clock, Deadline, pauses
from model_invocation_job.errors import JobError
from model_invocation_job.jobs.jobs import Jobs
from model_invocation_job.jobs.stacks import SERVICE_TIMEOUT, Stacks
from model_invocation_job.requests.results_request import ResultsRequest
from model_invocation_job.waiting.holding import Hold
from model_invocation_job.waiting.waits import UNTIL, Waits

logger = logging.getLogger(__name__)

#: Seconds from when CloudFormation asked for which one request is held, so that its answer is in time.
HELD_SECONDS = SERVICE_TIMEOUT - 300
#: Seconds for which the function itself waits, where the request cannot be held.
IN_PROCESS_SECONDS = 720
#: Seconds to the first look at a request that is held.
FIRST_LOOK_SECONDS = 15


class Ending:
    """Waits for the ends of jobs, given what is known of how long to wait."""

    def __init__(self, jobs: Jobs, waits: Waits | None, stacks: Stacks, clock: Clock) -> None:
        self._jobs = jobs
        self._stacks = stacks
        self._waits = waits
        self._clock = clock

    def of(self, asked: ResultsRequest, deadline: Deadline, hold: Hold | None) -> dict[str, str] | None:
        """Return what is told of an end: nothing; None where the request is held until it has come.

        A deployment that is taken back waits for nothing.
        """
        is_taken_back = self._stacks.rolls_back(asked.stack_id)
        return None if not is_taken_back and self.is_held(asked, deadline, hold) else {}

    def is_held(self, asked: ResultsRequest, deadline: Deadline, hold: Hold | None) -> bool:
        """Wait until the job is over or the time is.

        Parameters
        ----------
        asked
            A Create or an Update.
        deadline
            When nothing more is started.
        hold
            How the request can be held.

        Returns
        -------
        bool
            Whether the request is held; if not, there is nothing more to wait for.
        """
        if hold and hold.is_over(asked.job):
            return False
        until = min(self._until(asked), self._asked_at(asked) + HELD_SECONDS)
        limit = deadline.within(min(IN_PROCESS_SECONDS, max(0.0, until - self._clock.epoch())))
        for pause in pauses():
            if limit.left <= 0 or self._is_over(asked.job):
                return False
            if hold and hold.take(asked.job, until, FIRST_LOOK_SECONDS):
                return True
            limit.pause(pause)
        raise AssertionError  # the pauses never end

    def _until(self, asked: ResultsRequest) -> int:
        """Return when the wait is over: as was said when the job was asked for, else as long from now."""
        try:
            told = self._waits.get(asked.job, UNTIL) if self._waits else None
        except JobError as error:
            logger.warning("%s", error)
            told = None
        return told.until if told else int(self._clock.epoch()) + asked.wait_timeout

    def _asked_at(self, asked: ResultsRequest) -> int:
        """Return when CloudFormation asked: the request may have waited for its turn, where functions are few."""
        now = self._clock.epoch()
        resource = self._stacks.resource(asked.stack_id, asked.logical_id)
        is_told = resource and resource.status.endswith("_IN_PROGRESS") and 0 <= now - resource.since < SERVICE_TIMEOUT
        return int(resource.since if resource and is_told else now)

    def _is_over(self, arn: str) -> bool:
        try:
            job = self._jobs.get(arn)
        except JobError as error:
            logger.info("waiting on: %s", error)
            return False
        return job is None or not status.is_live(job.status)
