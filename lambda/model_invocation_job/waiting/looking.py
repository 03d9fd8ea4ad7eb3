"""A look at what is waited for: by the state machine in turn, or when Bedrock tells that a job has ended."""

import logging
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from model_invocation_job.arn import is_job_arn
from model_invocation_job.clock import Clock
from model_invocation_job.errors import JobError
from model_invocation_job.waiting.waits import UNTIL, Wait, Waits

logger = logging.getLogger(__name__)

#: Seconds to the next look where this one could not be taken.
LATER_SECONDS = 15
#: Seconds for which a look has a wait for itself. Whoever is killed keeps others from it for as long, and a stack
#: hangs; two who act at once do no harm, for that is what two deliveries of an event do.
LEASE_SECONDS = 60
#: Characters of the name of a wait: a logical id and the id of a request at most.
_LONGEST_NAME = 1024


@dataclass(frozen=True)
class Next:
    """What a look comes to: that it is over, or how many seconds to pause before the next one."""

    seconds: int
    over: bool = False


OVER = Next(LATER_SECONDS, over=True)
LATER = Next(LATER_SECONDS)

Look = Callable[[Wait], Next]


class Looking:
    """Looks at waits, each under its lease.

    Parameters
    ----------
    request, condition
        How a request that is held and a condition are looked at.
    """

    def __init__(self, waits: Waits, clock: Clock, request: Look, condition: Look) -> None:
        self._waits = waits
        self._clock = clock
        self._request = request
        self._condition = condition

    def look(self, job: str, name: str, left: float) -> Next:
        """Look at one wait.

        Parameters
        ----------
        job, name
            Its key.
        left
            Seconds after which the invocation is over, whatever becomes of it: its lease is no longer.
        """
        try:
            return self._look(job, name, left)
        except JobError as error:
            logger.warning("looking again later: %s", error)
            return LATER

    def look_at_all(self, job: str, left: float) -> None:
        """Look at every wait for a job; a job that nobody waits for is none of ours."""
        for wait in self._waits.of(job):
            if wait.name != UNTIL:
                self.look(job, wait.name, left)

    def _look(self, job: str, name: str, left: float) -> Next:
        now = self._clock.epoch()
        wait = self._waits.lease(job, name, int(now), math.ceil(now + min(left, LEASE_SECONDS)))
        if wait is None:
            return LATER if self._waits.get(job, name) else OVER
        done = False
        try:
            following = (self._condition if wait.stack else self._request)(wait)
            if following.over:
                # After the act: whoever dies in between leaves an answer that is given twice, not one that is missing.
                self._waits.delete(wait)
            done = following.over
        finally:
            if not done:
                self._release(wait)
        return following

    def _release(self, wait: Wait) -> None:
        try:
            self._waits.release(wait)
        except JobError as error:
            logger.warning("the wait is given back when its lease is over: %s", error)


def look_of(event: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return the key of the wait that an event of the state machine's is about; None if it is none of those."""
    look = event.get("look")
    if not isinstance(look, Mapping):
        return None
    job, name = look.get("Job"), look.get("Wait")
    is_name = isinstance(name, str) and 0 < len(name) <= _LONGEST_NAME
    return (str(job), str(name)) if is_job_arn(job) and is_name else None


def ended_job(event: Mapping[str, Any]) -> str:
    """Return the ARN of the job that an event of Bedrock's is about, nothing if it is none of those."""
    detail: Any = event.get("detail")
    if event.get("source") != "aws.bedrock" or not isinstance(detail, Mapping):
        return ""
    told = detail.get("batchJobArn")
    return str(told) if is_job_arn(told) else ""


def reply(event: Mapping[str, Any], following: Next) -> dict[str, Any]:
    """Return what the state machine goes on with."""
    return {
        "function": event.get("function"),
        "look": event["look"],
        "seconds": following.seconds,
        "over": following.over,
    }
