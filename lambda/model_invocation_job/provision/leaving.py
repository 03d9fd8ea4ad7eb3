"""Which jobs a Delete leaves running: those that a deployment has given up to wait for, or was about to.

Jobs of one stack often have the same wait. The first whose time is over fails the deployment, and the roll-back comes
to the others seconds before their own results would have left them running.
"""

import logging

from model_invocation_job import status
from model_invocation_job.clock import Clock, Deadline
from model_invocation_job.errors import JobError
from model_invocation_job.jobs.jobs import Job, Jobs
from model_invocation_job.jobs.stacks import Stacks
from model_invocation_job.owner import left_running
from model_invocation_job.patience import persist
from model_invocation_job.requests.request import JobRequest, WaitUntil
from model_invocation_job.waiting.waits import UNTIL, Waits

logger = logging.getLogger(__name__)

#: A wait counts as over when no more of it is left: seconds, and a part of it, for a short one may have just begun.
NEARLY_OVER_SECONDS, NEARLY_OVER_PART = 300, 0.1


class Leaving:
    """Tells which jobs are left running, given what is known of how long they are waited for."""

    def __init__(self, jobs: Jobs, stacks: Stacks, waits: Waits | None, clock: Clock) -> None:
        self._jobs = jobs
        self._stacks = stacks
        self._waits = waits
        self._clock = clock

    def is_left(self, job: Job, request: JobRequest) -> bool:
        """Whether a job that runs was left running on purpose, when a deployment gave up to wait for it."""
        may_be = request.wait_until is WaitUntil.FINISHED and status.is_live(job.status)
        return may_be and bool(left_running.stack_of(job, self._jobs))

    def leaves(self, job: Job, request: JobRequest, deadline: Deadline) -> bool:
        """Whether a Delete leaves a job running; one whose wait is over by now is marked so."""
        if self.is_left(job, request):
            return True
        is_due = self._may_leave(job, request) and self._is_over(job, deadline)
        return is_due and left_running.mark(job, request.stack_id, self._jobs, deadline)

    def _may_leave(self, job: Job, request: JobRequest) -> bool:
        """Whether a job in good health would be left at the end of its wait; who deletes a stack wants its end."""
        return (
            request.leaves_running and status.goes_on(job.status) and self._stacks.rolls_back(request.stack_id) is True
        )

    def _is_over(self, job: Job, deadline: Deadline) -> bool:
        waits = self._waits
        try:
            wait = persist(lambda: waits.get(job.arn, UNTIL), deadline) if waits else None
        except JobError as error:
            logger.warning("whether the job's wait is over is not known: %s", error, extra=job.told)
            return False
        if wait is None:
            return False
        nearly = min(NEARLY_OVER_SECONDS, NEARLY_OVER_PART * (wait.until - wait.since))
        return wait.until - self._clock.epoch() <= nearly
