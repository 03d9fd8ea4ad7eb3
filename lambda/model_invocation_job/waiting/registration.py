"""Having the end of a job waited for, when its own resource has been answered.

The condition comes into being after that answer, so nobody can tell it anything yet. What is written down here is found
by looks, by Bedrock's event, and by the resources that tell what the job came to.
"""

import logging

from model_invocation_job.clock import Clock, Deadline
from model_invocation_job.errors import JobError
from model_invocation_job.jobs.jobs import Job
from model_invocation_job.jobs.stacks import Stacks
from model_invocation_job.owner.needs import Needs
from model_invocation_job.patience import persist
from model_invocation_job.requests.request import JobRequest
from model_invocation_job.waiting.looks import Looks
from model_invocation_job.waiting.waits import UNTIL, Wait, Waits

logger = logging.getLogger(__name__)

#: Seconds: a condition waits for twelve hours at most, and has to be told before it gives up.
LONGEST_WAIT = 12 * 3600 - 180
#: Seconds to the first look: CloudFormation makes the condition at once.
FIRST_LOOK_SECONDS = 3


class Registration:
    """Writes down what is waited for, and what the resource's job needs."""

    def __init__(self, waits: Waits, looks: Looks, needs: Needs, stacks: Stacks, clock: Clock) -> None:
        self._waits = waits
        self._looks = looks
        self._needs = needs
        self._stacks = stacks
        self._clock = clock

    def register(self, job: Job, request: JobRequest, deadline: Deadline) -> None:
        """Have the condition of a request told when the job is over, or its time is.

        Raises
        ------
        JobError
            It cannot be written down. The condition would wait for nothing, so the deployment fails now.
        """
        is_roll_back = self._stacks.rolls_back(request.stack_id) is True
        try:
            persist(lambda: self._note(job, request), deadline)
            if request.condition and not is_roll_back:
                persist(lambda: self._wait(job, request), deadline)
        except JobError as error:
            if not is_roll_back:
                raise
            logger.warning("what the job needs stays as it was noted: %s", error)

    def _note(self, job: Job, request: JobRequest) -> None:
        if request.left_behind:
            self._needs.note(job.arn, request, request.left_behind)

    def _wait(self, job: Job, request: JobRequest) -> None:
        now = int(self._clock.epoch())
        end = Wait(job.arn, UNTIL, request.request_id, now, now + min(request.wait_timeout, LONGEST_WAIT))
        until = self._waits.put(end).until
        wait = Wait(job.arn, request.condition, request.request_id, now, until, stack=request.stack_id)
        self._looks.start(self._waits.put(wait), FIRST_LOOK_SECONDS)
