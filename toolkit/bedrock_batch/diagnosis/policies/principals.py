"""Whom a statement is about: its ``Principal`` or ``NotPrincipal``, against who asks.

Source: "Principal" and "NotPrincipal" among the "IAM JSON policy elements" of the IAM user guide.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from bedrock_batch.jobs.arn import Arn

if TYPE_CHECKING:
    from collections.abc import Iterator

_ACCOUNT = re.compile(r"\d{12}")
_UNIQUE_ID = re.compile(r"A(?:ROA|IDA|GPA)[A-Z0-9]+")


class Named(Enum):
    """How somebody is named by an entry."""

    NO = "not at all"
    ANYONE = "as anyone"
    ACCOUNT = "by the account"
    ITSELF = "itself"
    UNKNOWN = "perhaps"


@dataclass(frozen=True)
class Role:
    """A session of a role asks.

    Attributes
    ----------
    arn : str
        The role's ARN.
    unique_id : str
        Its id, such as ``AROAEXAMPLE``, which stands in policies for a role that was deleted; empty if not known.
    """

    arn: str
    unique_id: str = ""

    @property
    def account(self) -> str:
        """The role's account."""
        return Arn.of(self.arn).account

    @property
    def name(self) -> str:
        """The role's name, without the path before it."""
        return Arn.of(self.arn).name

    def named(self, kind: str, entry: str) -> Named:
        """Say how an entry of a kind, such as ``AWS``, names it."""
        if kind != "AWS":
            # Of a canonical user only S3 knows the account.
            return Named.UNKNOWN if kind == "CanonicalUser" else Named.NO
        if entry == "*":
            return Named.ANYONE
        arn = Arn.of(entry)
        if _ACCOUNT.fullmatch(entry) or (arn.service, arn.resource) == ("iam", "root"):
            return Named.ACCOUNT if self.account in (entry, arn.account) else Named.NO
        return self._named_alone(entry, arn)

    def _named_alone(self, entry: str, arn: Arn) -> Named:
        if arn.service == "sts" and arn.resource.startswith(f"assumed-role/{self.name}/"):
            # Bedrock chooses the name of the session.
            return Named.UNKNOWN if arn.account == self.account else Named.NO
        if _UNIQUE_ID.fullmatch(entry) and self.unique_id:
            return Named.ITSELF if entry == self.unique_id else Named.NO
        if entry == self.arn:
            return Named.ITSELF
        # There is one role of a name, so that another path is that of one that was there, and may be kept by its id.
        namesake = (arn.service, arn.account) == ("iam", self.account) and arn.resource.startswith("role/")
        return Named.NO if arn.service and not (namesake and arn.name == self.name) else Named.UNKNOWN


@dataclass(frozen=True)
class Service:
    """A service asks, such as ``bedrock.amazonaws.com``."""

    name: str

    def named(self, kind: str, entry: str) -> Named:
        """Say how an entry of a kind names it."""
        if kind == "Service":
            named = Named.ITSELF if entry.lower() == self.name else Named.NO
            return Named.UNKNOWN if entry == "*" else named
        # Anyone is anyone of AWS's accounts; whether services are among them the guide does not say.
        return Named.UNKNOWN if entry == "*" else Named.NO


Asker = Role | Service


def entries(principal: object) -> Iterator[tuple[str, str]] | None:
    """Go through the entries of a principal, each with its kind; None if it is none."""
    if principal == "*":
        return iter([("AWS", "*")])
    if not isinstance(principal, dict):
        return None
    found = [
        (kind, entry) for kind, named in principal.items() for entry in (named if isinstance(named, list) else [named])
    ]
    return iter(found) if all(isinstance(entry, str) for _, entry in found) else None
