"""The faults that are asked for at present."""

import itertools
import threading
from typing import TypeVar

from bedrock_local.bedrock.faults.fault import (
    DelayEvents,
    DropReplies,
    FailCalls,
    FailRecords,
    Fault,
    HoldJobs,
    LoseEvents,
)
from bedrock_local.bedrock.jobs.job import Job
from bedrock_local.bedrock.jobs.status import Status
from bedrock_local.bedrock.service_model.routes import OPERATIONS

_Calls = TypeVar("_Calls", FailCalls, DropReplies)
_Events = TypeVar("_Events", LoseEvents, DelayEvents)


class Faults:
    """All faults, in the order in which they were added. The first that fits counts."""

    def __init__(self) -> None:
        self._faults: dict[str, Fault] = {}
        self._left: dict[str, int] = {}
        self._ids = itertools.count(1)
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> str:
        """Add a fault.

        Parameters
        ----------
        fault
            The fault.

        Returns
        -------
        str
            Its id.
        """
        with self._lock:
            fault_id = str(next(self._ids))
            self._faults[fault_id] = fault
            if isinstance(fault, FailCalls | DropReplies):
                self._left[fault_id] = fault.times
            return fault_id

    def remove(self, fault_id: str) -> None:
        """Remove a fault, if it is still there.

        Parameters
        ----------
        fault_id
            Its id.
        """
        with self._lock:
            self._left.pop(fault_id, None)
            self._faults.pop(fault_id, None)

    def all(self) -> dict[str, Fault]:
        """Return those that there are, by id: the ones with a number of times only as long as there are times left."""
        with self._lock:
            return dict(self._faults)

    def call_error(self, operation: str) -> FailCalls | None:
        """Say with which error a call that begins fails, and count it."""
        return self._use(FailCalls, operation)

    def drops_reply(self, operation: str) -> bool:
        """Say whether the reply of a call that ends is dropped, and count it."""
        return self._use(DropReplies, operation) is not None

    def holds(self, job: Job) -> bool:
        """Say whether a job has to stay in its status."""
        return any(
            isinstance(fault, HoldJobs) and fault.status == job.status and fault.job_name in job.name
            for fault in self.all().values()
        )

    def record_failure(self, job: Job) -> FailRecords | None:
        """Say how some of the records of a job fail."""
        return next(
            (fault for fault in self.all().values() if isinstance(fault, FailRecords) and fault.job_name in job.name),
            None,
        )

    def loses_event(self, job: Job, status: Status) -> bool:
        """Say whether the event of a change to a status is lost."""
        return self._for_event(LoseEvents, job, status) is not None

    def event_delay(self, job: Job, status: Status) -> float:
        """Say how many seconds the event of a change to a status is late."""
        fault = self._for_event(DelayEvents, job, status)
        return fault.seconds if fault else 0

    def _use(self, kind: type[_Calls], operation: str) -> _Calls | None:
        with self._lock:
            for fault_id, fault in self._faults.items():
                if isinstance(fault, kind) and operation in ([fault.operation] if fault.operation else OPERATIONS):
                    self._left[fault_id] -= 1
                    if not self._left[fault_id]:
                        del self._faults[fault_id], self._left[fault_id]
                    return fault
        return None

    def _for_event(self, kind: type[_Events], job: Job, status: Status) -> _Events | None:
        for fault in self.all().values():
            if isinstance(fault, kind) and fault.status in ("", status) and fault.job_name in job.name:
                return fault
        return None
