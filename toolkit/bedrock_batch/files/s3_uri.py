"""S3 URIs: recognised, taken apart and written."""

from __future__ import annotations

import re
from typing import NamedTuple

from bedrock_batch.errors import BedrockBatchError
from bedrock_batch.values import shortened

_SCHEME = "s3://"
_BUCKET = r"[a-z0-9][-.a-z0-9]{1,61}[a-z0-9]"
_URI = re.compile(rf"{_SCHEME}(?P<bucket>{_BUCKET})(/(?P<key>.*))?", re.DOTALL)
# The API type `S3Uri`, in our words: a bucket, then names between single slashes.
_OF_A_JOB = re.compile(rf"{_SCHEME}{_BUCKET}(/[-!_*'().a-z0-9A-Z]+)*/?")
#: Characters of the longest that a job may have.
LONGEST = 1024
#: What is said of another.
NONE_OF_A_JOB = (
    "is no S3 URI that a job may have "
    f"(a bucket, then letters, digits and -!_*'(). between single slashes; {LONGEST:,} characters)"
)


class S3Uri(NamedTuple):
    """A place in S3.

    Attributes
    ----------
    bucket : str
        The bucket.
    key : str
        The key of an object, or the prefix of several; empty for the whole bucket.
    """

    bucket: str
    key: str

    @classmethod
    def parse(cls, uri: str) -> S3Uri:
        """Take a URI apart.

        Raises
        ------
        BedrockBatchError
            If it is not `s3://bucket/key`.
        """
        parts = _URI.fullmatch(uri)
        if not parts:
            raise BedrockBatchError(f"an S3 URI must be s3://bucket/key, got {shortened(uri, 200)}; correct it")
        return cls(parts["bucket"], parts["key"] or "")

    def __str__(self) -> str:
        return f"{_SCHEME}{self.bucket}/{self.key}"


def is_s3_uri(text: str) -> bool:
    """Say whether a text names a place in S3, rather than one on this machine."""
    return text.startswith(_SCHEME)


def may_be_of_a_job(uri: str) -> bool:
    """Say whether a job may have a URI: S3 takes more than the API type `S3Uri` does."""
    return len(uri) <= LONGEST and _OF_A_JOB.fullmatch(uri) is not None
