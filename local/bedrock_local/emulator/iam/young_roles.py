"""IAM's eventual consistency: in ministack a role or policy counts as soon as it is made or changed.

And while one of a role's policies is put, whoever looks at what the role may do is broken: "dictionary changed size
during iteration". Seen in ministack 1.5.33.
https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
"""

import time
from collections.abc import Iterator, Mapping
from typing import Any

from ministack.core.responses import AccountScopedDict
from ministack.services import iam

from bedrock_local.services.changes import CHANGES

NEEDS = ("services.iam._roles", "services.iam._policies")

_TRUST, _INLINE, _ATTACHED, _BOUNDARY = (
    "AssumeRolePolicyDocument",
    "InlinePolicies",
    "AttachedPolicies",
    "PermissionsBoundary",
)


class _Noted(dict[str, Any]):
    """Policies by name, or versions of one, which know when one was last put, changed or taken away."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        super().__init__(content)
        self.changed = time.monotonic()

    def values(self) -> Any:  # noqa: ANN401 -- what `dict` has is a view
        """Return those of now: others are put and taken away while somebody goes through them."""
        return list(super().values())

    def __setitem__(self, key: str, value: Any) -> None:  # noqa: ANN401 -- ministack's
        before = self.get(key)
        super().__setitem__(key, value)
        if before != value:
            self._note()

    def __delitem__(self, key: str) -> None:
        super().__delitem__(key)
        self._note()

    def pop(self, key: str, *default: Any) -> Any:  # noqa: ANN401 -- ministack's
        known = key in self
        value = super().pop(key, *default)
        if known:
            self._note()
        return value

    def update(self, others: Mapping[str, Any]) -> None:  # type: ignore[override]  # all that ministack asks of it
        for key, value in others.items():
            self[key] = value

    def _note(self) -> None:
        self.changed = time.monotonic()
        CHANGES.note()


class _Attached(list[str]):
    """The ARNs of attached policies, which know when one came or went."""

    def __init__(self, arns: list[str]) -> None:
        super().__init__(arns)
        self.changed = time.monotonic()

    def __iter__(self) -> Iterator[str]:
        """Go through those of now, as above: else one is passed over where an earlier one goes."""
        return iter(self.copy())

    def append(self, arn: str) -> None:
        super().append(arn)
        self._note()

    def remove(self, arn: str) -> None:
        super().remove(arn)
        self._note()

    def _note(self) -> None:
        self.changed = time.monotonic()
        CHANGES.note()


class _Role(dict[str, Any]):
    """A role of ministack's that knows when it became assumable, and when what it may do changed."""

    def __init__(self, role: dict[str, Any]) -> None:
        noted = {_INLINE: _Noted(role.get(_INLINE, {})), _ATTACHED: _Attached(role.get(_ATTACHED, []))}
        super().__init__({**role, **noted})
        self.changed = self._bounded = time.monotonic()

    @property
    def permissions_changed(self) -> float:
        """When its own policies, boundary, or which policies are attached, last changed."""
        noted: tuple[_Noted, _Attached] = self[_INLINE], self[_ATTACHED]
        return max(self._bounded, *(each.changed for each in noted))

    def __setitem__(self, key: str, value: Any) -> None:  # noqa: ANN401 -- ministack's
        before = self.get(key)
        super().__setitem__(key, value)
        if before == value:
            return
        if key == _TRUST:
            self.changed = time.monotonic()
        if key == _BOUNDARY:
            self._bounded = time.monotonic()
        CHANGES.note()


class _Told(AccountScopedDict):  # type: ignore[misc]  # ministack has no types
    """Roles or policies by name, each coming and going of which is told."""

    __slots__ = ()

    def __setitem__(self, key: str, value: dict[str, Any]) -> None:
        super().__setitem__(key, value)
        CHANGES.note()

    def __delitem__(self, key: str) -> None:
        super().__delitem__(key)
        CHANGES.note()

    def pop(self, key: str, *default: Any) -> Any:  # noqa: ANN401 -- ministack's
        value = super().pop(key, *default)
        CHANGES.note()
        return value


class _Roles(_Told):
    """ministack's roles, each with its times."""

    __slots__ = ()

    def __setitem__(self, key: str, value: dict[str, Any]) -> None:
        super().__setitem__(key, _Role(value))


class _Policies(_Told):
    """ministack's managed policies, the versions of each with their time."""

    __slots__ = ()

    def __setitem__(self, key: str, value: dict[str, Any]) -> None:
        value["Versions"] = _Noted(value["Versions"])
        super().__setitem__(key, value)


def remember_changes() -> None:
    """Note each role and policy made or changed from now on, by whomever: IAM's API or CloudFormation."""
    iam._roles.__class__ = _Roles  # noqa: SLF001 -- no public way in
    iam._policies.__class__ = _Policies  # noqa: SLF001 -- the same
