"""The states of a model invocation job, and the ways between them."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Status(StrEnum):
    """``ModelInvocationJobStatus`` of the service model."""

    SUBMITTED = "Submitted"
    VALIDATING = "Validating"
    SCHEDULED = "Scheduled"
    IN_PROGRESS = "InProgress"
    COMPLETED = "Completed"
    PARTIALLY_COMPLETED = "PartiallyCompleted"
    FAILED = "Failed"
    STOPPING = "Stopping"
    STOPPED = "Stopped"
    EXPIRED = "Expired"

    @property
    def ended(self) -> bool:
        """Whether it is the last one of a job."""
        return not TRANSITIONS[self]


TRANSITIONS: Mapping[Status, frozenset[Status]] = MappingProxyType(
    {
        Status.SUBMITTED: frozenset({Status.VALIDATING, Status.FAILED, Status.EXPIRED, Status.STOPPING}),
        Status.VALIDATING: frozenset({Status.SCHEDULED, Status.FAILED, Status.EXPIRED, Status.STOPPING}),
        Status.SCHEDULED: frozenset({Status.IN_PROGRESS, Status.FAILED, Status.EXPIRED, Status.STOPPING}),
        Status.IN_PROGRESS: frozenset({Status.COMPLETED, Status.PARTIALLY_COMPLETED, Status.FAILED, Status.STOPPING}),
        Status.STOPPING: frozenset({Status.STOPPED}),
        **{
            status: frozenset()
            for status in (
                Status.COMPLETED,
                Status.PARTIALLY_COMPLETED,
                Status.FAILED,
                Status.STOPPED,
                Status.EXPIRED,
            )
        },
    }
)
