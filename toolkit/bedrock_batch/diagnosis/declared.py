"""What is not there to be asked: what templates declare and nobody has made yet, and what a rollback took away."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Encryption:
    """What a bucket encrypts new objects with.

    Attributes
    ----------
    key : str
        What names the KMS key; empty for S3's own keys, and for the account's KMS key for S3.
    managed : bool
        Whether it is the account's KMS key for S3, ``aws/s3``.
    bucket_key : bool
        Whether KMS is told the bucket, not the object: "S3 Bucket Keys" in the S3 user guide.
    """

    key: str = ""
    managed: bool = False
    bucket_key: bool = False


@dataclass(frozen=True)
class DeclaredRole:
    """A role that a deployment makes.

    Attributes
    ----------
    trust : object
        Its trust policy.
    statements : list
        Of all policies that the templates give it.
    complete : bool
        Whether these are all, and the boundary is known if it has one: no other is attached by ARN.
    boundary : list or None
        The statements of its permissions boundary; None if it has none, or one that no template declares.
    """

    trust: object
    statements: list[Any]
    complete: bool
    boundary: list[Any] | None = None


@dataclass(frozen=True)
class Declared:
    """All that the templates of an app declare, and what went with a deployment that failed.

    Attributes
    ----------
    roles : mapping of str to DeclaredRole
        By ARN.
    documents : mapping of str to list
        Policies for roles by their names, whether these are made or there.
    buckets : mapping of str to Encryption
        Those that are made, by name.
    bucket_policies : mapping of str to object
        Policies of buckets, which replace those that are there.
    keys : mapping of str to object
        The policies of the keys that are made, by ARN.
    removed : frozenset of str
        The physical ids of what a stack had before it rolled back: names of roles and buckets among them.
    """

    roles: Mapping[str, DeclaredRole] = field(default_factory=dict)
    documents: Mapping[str, list[Any]] = field(default_factory=dict)
    buckets: Mapping[str, Encryption] = field(default_factory=dict)
    bucket_policies: Mapping[str, object] = field(default_factory=dict)
    keys: Mapping[str, object] = field(default_factory=dict)
    removed: frozenset[str] = frozenset()
