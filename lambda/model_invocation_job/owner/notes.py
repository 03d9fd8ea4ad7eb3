"""What a resource has to remember from one request to another, in the same table as what is waited for."""

from collections.abc import Sequence
from typing import Protocol

from model_invocation_job.jobs.stacks import Asked

#: What the jobs of the resource run with: a text for each, which ``needs.py`` reads.
POLICIES = "policies"
#: The jobs of an earlier stack of this name that the resource has adopted: their names and tokens tell of that one.
ADOPTED = "adopted"
#: The run that an Update began, and those that it stopped for it.
INSTEAD = "instead"


class Notes(Protocol):
    """The notes of one stack. Each call raises a `JobError` where the table refuses it."""

    def note(self, owner: str, name: str, texts: Sequence[str]) -> None:
        """Write a note down, in the place of an earlier one."""
        ...

    def noted(self, owner: str, name: str) -> tuple[str, ...]:
        """Return what a note says; nothing if there is none."""
        ...

    def drop(self, owner: str, name: str) -> None:
        """Remove a note."""
        ...


def owner_of(asked: Asked) -> str:
    """Return whose the notes of a resource are."""
    return f"{asked.stack_id}#{asked.logical_id}"
