"""What the service tells EventBridge: each change of a job's status.

https://docs.aws.amazon.com/bedrock/latest/userguide/monitoring-eventbridge.html
"""

import json
import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bedrock_local.bedrock.faults.faults import Faults
from bedrock_local.bedrock.jobs.job import Change, Job
from bedrock_local.names.place import Place

_LOG = logging.getLogger(__name__)
SOURCE = "aws.bedrock"
DETAIL_TYPE = "Batch Inference Job State Change"


@dataclass(frozen=True)
class Event:
    """An event, as PutEvents takes it.

    Parameters
    ----------
    place
        Whose default bus it goes to.
    resource
        The ARN that it is about.
    detail
        Its ``detail``, in JSON.
    """

    place: Place
    resource: str
    detail: str


def state_change(job: Job, change: Change) -> Event:
    """Render a change of a job's status.

    Parameters
    ----------
    job
        The job.
    change
        The change.

    Returns
    -------
    Event
        With the members that AWS's page shows. They are batch inference's own: ``batchJobArn``, not ``jobArn``.
    """
    detail = {
        "version": "0.0",
        "accountId": job.place.account,
        "batchJobName": job.name,
        "batchJobArn": job.arn,
        "batchModelId": job.model.arn,
        "status": change.status.value,
        "failureMessage": change.message,
        "creationTime": _in_words(job.submit_time),
    }
    return Event(job.place, job.arn, json.dumps(detail))


class Events:
    """Delivers events in order, in a thread of its own: a slow target does not slow a job.

    Parameters
    ----------
    put
        Puts an event on its bus.
    faults
        Says which are lost, and which are late.
    """

    def __init__(self, put: Callable[[Event], None], faults: Faults) -> None:
        self._put = put
        self._faults = faults
        self._waiting: queue.SimpleQueue[Event] = queue.SimpleQueue()
        threading.Thread(target=self._deliver_all, name="events", daemon=True).start()

    def add(self, job: Job, change: Change) -> None:
        """Take note of a change of a job's status, and return at once.

        Parameters
        ----------
        job
            The job.
        change
            The change.
        """
        if self._faults.loses_event(job, change.status):
            return
        event, delay = state_change(job, change), self._faults.event_delay(job, change.status)
        if delay:
            timer = threading.Timer(delay, self._waiting.put, [event])
            timer.daemon = True
            timer.start()
        else:
            self._waiting.put(event)

    def _deliver_all(self) -> None:
        while True:
            event = self._waiting.get()
            try:
                self._put(event)
            except Exception:  # noqa: BLE001 -- the next event goes out, whatever a target does
                _LOG.exception("the event about %s could not be delivered", event.resource)


def _in_words(time: datetime) -> str:
    """Render a time as events have it: ``Aug 28, 2024, 10:47:53 PM``."""
    return f"{time:%b} {time.day}, {time.year}, {time.hour % 12 or 12}:{time:%M:%S %p}"
