"""The names that the local AWS answers to: those of loopback, and the buckets that virtual-hosted addresses name.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
"""

import re

_BUCKET = r"(?P<bucket>[a-z0-9][a-z0-9-]{1,61}[a-z0-9])"
_REGION = r"[a-z]{2}(?:-[a-z]+)+-[0-9]"
# Each may have a port, which is not looked at: somebody may forward another one here.
_HOST = re.compile(rf"(?:127\.0\.0\.1|\[::1\]|(?:{_BUCKET}\.(?:s3\.)?(?:{_REGION}\.)?)?localhost)(?::[0-9]{{1,5}})?")


def is_loopback(host: str) -> bool:
    """Say whether a ``Host`` is one of the names."""
    return _match(host) is not None


def virtual_bucket(host: str) -> str | None:
    """Return the bucket that a ``Host`` names; None if it names none."""
    found = _match(host)
    return found and found["bucket"]


def _match(host: str) -> re.Match[str] | None:
    # Other scripts have letters whose small form is one of ours.
    return _HOST.fullmatch(host.lower()) if host.isascii() else None
