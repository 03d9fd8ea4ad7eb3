"""What stays when a stack lets go of a job that goes on: the role that it runs with, and what that may do.

The template retains them, and the Delete of the job's resource that leaves no job running removes them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from model_invocation_job.requests.properties import boolean, mapping, text, texts


@dataclass(frozen=True)
class LeftBehind:
    """What is left to the function to remove.

    Attributes
    ----------
    role
        The name of the job's role.
    is_own
        Whether the role itself is to go as well.
    inline
        The names of policies that are part of the role.
    managed
        The ARNs of policies that are attached to it.
    """

    role: str
    is_own: bool = False
    inline: tuple[str, ...] = ()
    managed: tuple[str, ...] = ()

    @property
    def policies(self) -> tuple[str, ...]:
        """All policies, each by its name or its ARN."""
        return *self.inline, *self.managed

    def without(self, policies: Sequence[str]) -> "LeftBehind":
        """Return the same, but for the role and for some policies."""
        return LeftBehind(
            self.role,
            inline=tuple(name for name in self.inline if name not in policies),
            managed=tuple(arn for arn in self.managed if arn not in policies),
        )


def left_behind_of(properties: Mapping[str, Any]) -> LeftBehind | None:
    """Read the property ``LeftBehind``.

    Raises
    ------
    InvalidRequestError
        It is no map of what can be left behind.
    """
    if "LeftBehind" not in properties:
        return None
    told, place = mapping(properties["LeftBehind"], "the property 'LeftBehind'"), "LeftBehind."
    return LeftBehind(
        role=text(told, "RoleName", place=place),
        is_own=boolean(told, "DeleteRole", default=False),
        inline=texts(told, "Policies", place),
        managed=texts(told, "ManagedPolicies", place),
    )
