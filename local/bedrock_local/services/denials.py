"""What IAM has denied of late, and the statement that would have allowed it."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

_KEPT = 200


@dataclass(frozen=True)
class Denial:
    """Something that a user or role may not do.

    Parameters
    ----------
    principal_arn
        Who asked: of a role its session.
    action, resource
        For what.
    denied_by
        What denies it explicitly: the ARN of a resource, for its policy, or ``a policy of its own``; empty if there is
        only nothing that allows it.
    at
        When it was last asked for.
    times
        How often.
    """

    principal_arn: str
    action: str
    resource: str
    denied_by: str
    at: datetime
    times: int = 1

    @property
    def statement(self) -> Mapping[str, str]:
        """The smallest statement that allows it, in a policy of who asked."""
        return {"Effect": "Allow", "Action": self.action, "Resource": self.resource}


class Denials:
    """The latest denials, each question once, in memory."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, ...], Denial] = {}
        self._lock = threading.Lock()

    def note(self, principal_arn: str, action: str, resource: str, denied_by: str) -> None:
        """Remember one; of too many, those that came first are forgotten.

        Parameters
        ----------
        principal_arn, action, resource, denied_by
            As in `Denial`.
        """
        what = principal_arn, action, resource, denied_by
        with self._lock:
            # Where it stands already: who reads the list would lose the line.
            earlier = self._kept.get(what)
            now = datetime.now(UTC)
            self._kept[what] = replace(earlier, at=now, times=earlier.times + 1) if earlier else Denial(*what, now)
            while len(self._kept) > _KEPT:
                del self._kept[next(iter(self._kept))]

    def all(self) -> list[Denial]:
        """Return them, the newest first; one that came again stands where it was."""
        with self._lock:
            return list(self._kept.values())[::-1]


#: The denials of this process's IAM.
DENIALS = Denials()
