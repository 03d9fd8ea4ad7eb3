"""Holding a request: its answer is due, and no function runs until it can be given.

The event goes into the table, and somebody is asked to look. Only when both are done is the request held; where either
is refused, the function watches the job itself, which costs its time and nothing else.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from model_invocation_job.clock import Clock
from model_invocation_job.errors import JobError
from model_invocation_job.jobs.stacks import Demand
from model_invocation_job.waiting.looks import Looks
from model_invocation_job.waiting.waits import Wait, Waits

logger = logging.getLogger(__name__)

#: Bytes of an event that are kept. Source: DynamoDB developer guide, quotas: an item has 400 KB at most.
MAX_EVENT = 300_000
#: Seconds for which a request waits in all, its second try included: what one invocation had before it could be held.
REQUEST_SECONDS = 850


@dataclass(frozen=True)
class Hold:
    """The way of one request to be held.

    Attributes
    ----------
    event
        The request, as it arrived.
    demand
        Whether it is wanted.
    again
        What it was held for, if it was: that has been waited for.
    """

    waits: Waits
    looks: Looks
    clock: Clock
    event: Mapping[str, Any]
    demand: Demand
    again: Wait | None

    def is_over(self, job: str) -> bool:
        """Whether a job has been waited for."""
        return self.again is not None and self.again.job == job

    def until(self, seconds: float) -> int:
        """Return the end of a wait of so many seconds that begins now; a second try has what its first has left."""
        now = self.clock.epoch()
        end = now + seconds
        return int(min(end, self.again.since + REQUEST_SECONDS) if self.again else end)

    def left(self, until: int) -> float:
        """Return the seconds to a time, never negative."""
        return max(0.0, until - self.clock.epoch())

    def take(self, job: str, until: int, seconds: int) -> bool:
        """Hold the request until a job is as far as it asks, or a time has come.

        Parameters
        ----------
        job
            An ARN.
        until
            Seconds since 1970. That of the request's first delivery stands.
        seconds
            After which the first look comes.

        Returns
        -------
        bool
            Whether the request is held; if not, the caller has to go on.
        """
        event = _kept(self.event)
        if not event:
            logger.warning("the request is too large to be held: watching in the function itself")
            return False
        wait = self._wait(job, until, event)
        try:
            wait = self.waits.put(wait)
            self.looks.start(wait, seconds)
        except JobError as error:
            logger.warning("the request cannot be held: watching in the function itself: %s", error)
            self._forget(wait)
            return False
        logger.info("held the request", extra={"jobArn": job})
        return True

    def _wait(self, job: str, until: int, event: str) -> Wait:
        request = str(self.event["RequestId"])
        return Wait(
            job=job,
            name=f"{self.event['LogicalResourceId']}#{request}",
            request=request,
            since=self.again.since if self.again else int(self.clock.epoch()),
            until=until,
            event=event,
            rolled_back=self.demand.rolled_back,
        )

    def _forget(self, wait: Wait) -> None:
        try:
            self.waits.delete(wait)
        except JobError as error:
            # Then the event is handled again, and the same is answered twice: CloudFormation takes the first.
            logger.warning("%s", error)


def _kept(event: Mapping[str, Any]) -> str:
    """Return an event as JSON, nothing if it is too large; its input has been put into place, and may be left out."""
    try:
        text = json.dumps(event)
    except RecursionError:
        # What is nested so deeply is in a part that was not read.
        return ""
    if len(text.encode()) > MAX_EVENT:
        text = json.dumps({name: _without_staged(value) for name, value in event.items()})
    return text if len(text.encode()) <= MAX_EVENT else ""


def _without_staged(value: Any) -> Any:  # noqa: ANN401 (decoded JSON)
    return {name: item for name, item in value.items() if name != "StagedInput"} if isinstance(value, dict) else value
