"""A look at a condition that waits for a job's end: it is told when there is nothing more to wait for.

It is told of an end, not of a success: what the job came to, the resource that depends on the condition says.
"""

import logging

from model_invocation_job import status
from model_invocation_job.arn import id_of
from model_invocation_job.clock import Clock
from model_invocation_job.errors import JobError
from model_invocation_job.jobs.jobs import Jobs
from model_invocation_job.jobs.stacks import Stacks
from model_invocation_job.waiting.looking import OVER, Next
from model_invocation_job.waiting.waits import Wait

logger = logging.getLogger(__name__)

#: Seconds between looks at a job that runs.
PAUSE = 55
#: Seconds to the next look at a condition that is not there yet; more if it has not come for long, for an execution has
#: room for so many looks only. Source: Step Functions developer guide, quotas: 25,000 events in a history.
SOON, PART_OF_AGE = 3, 20
#: While the stack is in one of these, it may have what waits.
_FORWARD = ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS")
#: What has failed and was kept so is deployed again as it is: the condition is made anew, and no request tells of it.
_KEPT = ("CREATE_FAILED", "UPDATE_FAILED")


class Conditions:
    """Looks at conditions, given the jobs and the stacks that there are."""

    def __init__(self, jobs: Jobs, stacks: Stacks, clock: Clock) -> None:
        self._jobs = jobs
        self._stacks = stacks
        self._clock = clock

    def look(self, wait: Wait) -> Next:
        """Tell the condition if the job is over or the time is."""
        stack = self._stacks.stack_status(wait.stack)
        if stack in _KEPT and self._left(wait) > 0:
            return Next(PAUSE)
        if stack is not None and stack not in _FORWARD:
            return OVER
        condition = self._stacks.resource(wait.stack, wait.name)
        if condition and condition.status == "CREATE_COMPLETE":
            return OVER
        if condition is None or condition.status != "CREATE_IN_PROGRESS":
            # Not there yet; one of that name may have failed, or been deleted, before.
            return self._soon(wait)
        return self._tell(wait)

    def _tell(self, wait: Wait) -> Next:
        left = self._left(wait)
        if left > 0 and self._is_live(wait.job):
            return Next(max(1, min(PAUSE, round(left))))
        if not self._stacks.signal(wait.stack, wait.name, id_of(wait.job)):
            return self._soon(wait)
        logger.info("told the condition that there is nothing more to wait for", extra={"jobArn": wait.job})
        return OVER

    def _left(self, wait: Wait) -> float:
        return wait.until - self._clock.epoch()

    def _soon(self, wait: Wait) -> Next:
        age = self._clock.epoch() - wait.since
        return Next(max(SOON, min(PAUSE, round(age / PART_OF_AGE))))

    def _is_live(self, arn: str) -> bool:
        try:
            job = self._jobs.get(arn)
        except JobError as error:
            logger.info("looking again: %s", error)
            return True
        return job is not None and status.is_live(job.status)
