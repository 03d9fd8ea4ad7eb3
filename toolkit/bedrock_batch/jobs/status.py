"""The states of a job, as the API's `ModelInvocationJobStatus` names them."""

from __future__ import annotations

from enum import StrEnum


class JobStatus(StrEnum):
    """A state. The service may tell others: whoever reads one takes it for the text that it is."""

    SUBMITTED = "Submitted"
    VALIDATING = "Validating"
    SCHEDULED = "Scheduled"
    IN_PROGRESS = "InProgress"
    STOPPING = "Stopping"
    COMPLETED = "Completed"
    PARTIALLY_COMPLETED = "PartiallyCompleted"
    FAILED = "Failed"
    STOPPED = "Stopped"
    EXPIRED = "Expired"


#: Those that a job does not leave.
ENDED = frozenset(
    {JobStatus.COMPLETED, JobStatus.PARTIALLY_COMPLETED, JobStatus.FAILED, JobStatus.STOPPED, JobStatus.EXPIRED}
)
