"""What IAM has denied of late, and the statement that would have allowed it."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

_KEPT = 200
_ASSUME = "sts:AssumeRole"


class Where(StrEnum):
    """The policy that denies something, or does not allow it."""

    OWN = "a policy of its own"
    LIMIT = "its permissions boundary or session policy"
    RESOURCE = "the policy of the resource"
    TRUST = "the trust policy of the role"


@dataclass(frozen=True)
class Denied:
    """Something that somebody may not do.

    Parameters
    ----------
    principal
        Who asked: the ARN of a user or of a role's session, or a service.
    whom
        Who that is in a policy: of a session its role.
    action, resource
        For what.
    where
        The policy that is to be changed.
    explicitly
        Whether it denies this, instead of not allowing it.
    """

    principal: str
    whom: str
    action: str
    resource: str
    where: Where
    explicitly: bool = False

    @property
    def statement(self) -> Mapping[str, Any]:
        """The smallest statement that allows it; empty if none can."""
        if self.explicitly:
            return {}
        asked = {"Action": self.action, "Resource": self.resource}
        if self.where in (Where.OWN, Where.LIMIT):
            return {"Effect": "Allow", **asked}
        if self.where is Where.TRUST:
            return {"Effect": "Allow", "Principal": {"Service": self.whom}, "Action": _ASSUME}
        # The policy of a key is about that key, however it is called.
        named = {"Resource": "*"} if self.action.startswith("kms:") else {}
        return {"Effect": "Allow", "Principal": {"AWS": self.whom}, **asked, **named}


@dataclass(frozen=True)
class Denial:
    """A denial.

    Parameters
    ----------
    what
        What was denied.
    at
        When it was last asked for.
    times
        How often.
    """

    what: Denied
    at: datetime
    times: int = 1


class Denials:
    """The latest denials, each question once, in memory."""

    def __init__(self) -> None:
        self._kept: dict[Denied, Denial] = {}
        self._lock = threading.Lock()

    def note(self, what: Denied) -> None:
        """Remember one; of too many, those that came first are forgotten.

        Parameters
        ----------
        what
            What was denied.
        """
        now = datetime.now(UTC)
        with self._lock:
            # Where it stands already: who reads the list would lose the line.
            earlier = self._kept.get(what)
            self._kept[what] = replace(earlier, at=now, times=earlier.times + 1) if earlier else Denial(what, now)
            while len(self._kept) > _KEPT:
                del self._kept[next(iter(self._kept))]

    def all(self) -> list[Denial]:
        """Return them, the newest first; one that came again stands where it was."""
        with self._lock:
            return list(self._kept.values())[::-1]


#: The denials of this process's IAM.
DENIALS = Denials()
