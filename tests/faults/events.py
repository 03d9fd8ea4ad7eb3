"""EventBridge: the rule that tells the function of the end of each job, and what may become of an event."""

import json
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bedrock_local.bedrock.jobs.job import Change, Job
from bedrock_local.bedrock.jobs.status import Status
from bedrock_local.bedrock.signals.events import DETAIL_TYPE, SOURCE, state_change

from .clock import Clock

_ENDS = (Status.COMPLETED, Status.PARTIALLY_COMPLETED, Status.FAILED, Status.STOPPED, Status.EXPIRED)


@dataclass
class Events:
    """The default bus with the stack's rule on it.

    Attributes
    ----------
    deliver
        Invokes the function, asynchronously.
    rule
        Whether there is one: only where a job of the stack is waited for to its end.
    copies
        How often an event comes; 0 for one that is lost.
    delay
        Seconds of the function's time by which it is late.
    sent
        The events that were delivered.
    """

    clock: Clock
    deliver: Callable[[Any], None]
    rule: bool = False
    copies: int = 1
    delay: float = 0
    sent: list[Mapping[str, Any]] = field(default_factory=list)
    _late: list[threading.Thread] = field(default_factory=list)
    _closed: bool = False

    def changed(self, job: Job, change: Change) -> None:
        """Take note of a job's change of status."""
        if self.rule and change.status in _ENDS:
            event = event_of(job, change)
            for _ in range(self.copies):
                self._send(event)

    def settle(self) -> None:
        """Wait for what is late."""
        while self._late:
            self._late.pop().join()

    def close(self) -> None:
        """Lose what is late."""
        self._closed = True
        self.settle()

    def _send(self, event: Mapping[str, Any]) -> None:
        # In a thread of its own in any case: the job waits for whoever observes it.
        late = threading.Thread(target=self._arrive, args=(event, self.delay), daemon=True)
        late.start()
        self._late.append(late)

    def _arrive(self, event: Mapping[str, Any], delay: float) -> None:
        if self.clock.sleep(delay, lambda: self._closed):
            self.sent.append(event)
            self.deliver(event)


def event_of(job: Job, change: Change) -> Mapping[str, Any]:
    """Return what a rule's target gets."""
    told = state_change(job, change)
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": DETAIL_TYPE,
        "source": SOURCE,
        "account": told.place.account,
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "region": told.place.region,
        "resources": [told.resource],
        "detail": json.loads(told.detail),
    }
