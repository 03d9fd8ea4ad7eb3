"""IAM's eventual consistency: how long ago a role was made or its trust policy changed.

https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
"""

import time
from typing import Any

from ministack.core.responses import AccountScopedDict
from ministack.services import iam

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


def age(account: str, name: str) -> float:
    """Return how long a role has been as it is.

    Parameters
    ----------
    account, name
        Of the role.

    Returns
    -------
    float
        Seconds; endless for a role that does not exist, which is nothing to wait for.
    """
    role = iam._roles.get_scoped(account, None, name)  # noqa: SLF001 -- no public way in
    return time.monotonic() - role.changed if isinstance(role, _Role) else float("inf")
