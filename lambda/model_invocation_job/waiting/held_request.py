"""A look at a request that is held: there is more to wait for, or its answer is due."""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from model_invocation_job import status
from model_invocation_job.clock import Clock
from model_invocation_job.errors import JobError, ThrottledError, UnavailableError, UndeliverableAnswerError
from model_invocation_job.jobs.interfaces import Interfaces
from model_invocation_job.jobs.jobs import Jobs
from model_invocation_job.jobs.stacks import SERVICE_TIMEOUT, Demand, Stacks
from model_invocation_job.requests.event import is_delete
from model_invocation_job.requests.resource_types import JOB, kind_of
from model_invocation_job.waiting.looking import OVER, Next
from model_invocation_job.waiting.waits import Wait

logger = logging.getLogger(__name__)

#: Seconds between looks at a job that has yet to be validated, and at one that runs.
VALIDATION_PAUSE, RUN_PAUSE = 15, 55


class HeldRequests:
    """Looks at requests that are held.

    Parameters
    ----------
    answer
        Handles a request again, knowing what it was held for: its answer is sent, or it is held for another job.
    """

    def __init__(
        self, jobs: Jobs, interfaces: Interfaces, stacks: Stacks, clock: Clock, answer: Callable[[Wait], None]
    ) -> None:
        self._jobs = jobs
        self._interfaces = interfaces
        self._stacks = stacks
        self._clock = clock
        self._answer = answer

    def look(self, wait: Wait) -> Next:
        """Wait on, or have the request answered.

        Raises
        ------
        UndeliverableAnswerError
            CloudFormation could not be told, and may still be.
        """
        asked = _Asked.of(wait)
        left = wait.until - self._clock.epoch()
        if left > 0 and (self._is_attached(wait.job) if asked.is_delete else self._is_pending(wait, asked)):
            pause = VALIDATION_PAUSE if asked.is_for_job else RUN_PAUSE
            return Next(max(1, min(pause, round(left))))
        try:
            self._answer(wait)
        except UndeliverableAnswerError:
            if left > -SERVICE_TIMEOUT and self._is_awaited(wait, asked):
                raise
            logger.warning("nobody takes the answer any more")
        return OVER

    def _is_attached(self, job: str) -> bool:
        """Whether a job may still have network interfaces, as far as that may be seen."""
        try:
            return bool(self._interfaces.of(job))
        except (ThrottledError, UnavailableError) as error:
            logger.info("looking again: %s", error)
            return True
        except JobError:
            return False

    def _is_pending(self, wait: Wait, asked: "_Asked") -> bool:
        try:
            job = self._jobs.get(wait.job)
        except JobError as error:
            logger.info("looking again: %s", error)
            return True
        waits = job is not None and (
            job.status in status.UNVALIDATED if asked.is_for_job else status.is_live(job.status)
        )
        return waits and self._is_awaited(wait, asked)

    def _is_awaited(self, wait: Wait, asked: "_Asked") -> bool:
        # The old job of an update is deleted while its resource shows that it has been updated.
        return asked.is_delete or Demand(self._stacks, asked, wait.rolled_back).is_awaited


@dataclass(frozen=True)
class _Asked:
    stack_id: str
    logical_id: str
    physical_id: str | None
    is_for_job: bool
    is_delete: bool

    @classmethod
    def of(cls, wait: Wait) -> "_Asked":
        event: Mapping[str, Any] = json.loads(wait.event)
        ids = event["StackId"], event["LogicalResourceId"], event.get("PhysicalResourceId")
        return cls(*ids, is_for_job=kind_of(event) == JOB, is_delete=is_delete(event))
