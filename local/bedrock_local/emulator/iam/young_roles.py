"""IAM's eventual consistency: in ministack a role can be assumed as soon as it is made or changed.

Seen in ministack 1.5.33.
https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
"""

import time
from typing import Any

from ministack.core.responses import AccountScopedDict
from ministack.services import iam

NEEDS = ("services.iam._roles",)

_TRUST = "AssumeRolePolicyDocument"


class _Role(dict[str, Any]):
    """A role of ministack's that knows when it became assumable."""

    def __init__(self, role: dict[str, Any]) -> None:
        super().__init__(role)
        self.changed = time.monotonic()

    def __setitem__(self, key: str, value: Any) -> None:  # noqa: ANN401 -- ministack's
        if key == _TRUST and value != self.get(key):
            self.changed = time.monotonic()
        super().__setitem__(key, value)


class _Roles(AccountScopedDict):  # type: ignore[misc]  # ministack has no types
    """ministack's roles, each with its time."""

    __slots__ = ()

    def __setitem__(self, key: str, value: dict[str, Any]) -> None:
        super().__setitem__(key, _Role(value))


def remember_changes() -> None:
    """Note the time of each role that is made from now on, by whomever: IAM's API or CloudFormation."""
    iam._roles.__class__ = _Roles  # noqa: SLF001 -- no public way in
