"""What is waited for while no function runs: one item for each request that is held and each condition that waits.

The items lie in a table (``table.py``). Each names the job that it waits for, so that whoever hears of the job finds
all who wait. A wait is looked at under a lease: of a look and an event that come together, one acts.
"""

from dataclasses import dataclass
from typing import Protocol

#: The name of the item that tells until when a job is waited for; nobody looks at it by itself.
UNTIL = "until"


@dataclass(frozen=True)
class Wait:
    """One wait for a job.

    Attributes
    ----------
    job, name
        The job's ARN, and who waits: together they are the key.
    request
        CloudFormation's id of the request that began to wait. A wait of the same request stands as it is when the
        request comes again; one of another request is replaced.
    since, until
        When it began, and when it is over whatever the job does: whole seconds since 1970.
    stack
        The id of the stack whose condition it is; empty for a request that is held.
    event
        The request that is held, as JSON; empty for a condition. It has the address that CloudFormation signed.
    rolled_back
        Whether the stack rolled back when the request arrived; None where that is not known.
    """

    job: str
    name: str
    request: str
    since: int
    until: int
    stack: str = ""
    event: str = ""
    rolled_back: bool | None = None

    def __repr__(self) -> str:
        """Tell which wait it is, and not the address that its event holds."""
        return f"Wait({self.job}, {self.name})"


class Waits(Protocol):
    """The waits of one stack. Each call raises a `JobError` where the table refuses it."""

    def put(self, wait: Wait) -> Wait:
        """Keep a wait and return the one that stands: an earlier one, where it is of the same request."""
        ...

    def get(self, job: str, name: str) -> Wait | None:
        """Return a wait; None if there is none."""
        ...

    def lease(self, job: str, name: str, now: int, until: int) -> Wait | None:
        """Take a wait for oneself until a time; None if there is none, or somebody else has it."""
        ...

    def release(self, wait: Wait) -> None:
        """Give a wait back, if it is still there."""
        ...

    def delete(self, wait: Wait) -> None:
        """Forget a wait, unless another request has begun it anew."""
        ...

    def of(self, job: str) -> list[Wait]:
        """Return all waits for a job."""
        ...
