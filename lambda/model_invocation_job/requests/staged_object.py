"""What the function puts into place before a job starts, and how a request tells it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from model_invocation_job.errors import InvalidRequestError
from model_invocation_job.requests.properties import integer, maps
from model_invocation_job.s3_uri import is_s3_uri

#: Bytes. Source: S3 user guide, "Amazon S3 multipart upload limits": 48.8 TiB, 10,000 parts of 5 GiB.
LARGEST_OBJECT = 10_000 * 5 * 1024**3


@dataclass(frozen=True)
class StagedObject:
    """One object to put into place before the job starts: two S3 URIs.

    Attributes
    ----------
    size
        Bytes of an object that is copied in parts; 0 for one that is copied at once.
    """

    source: str
    target: str
    size: int = 0

    @property
    def is_archive(self) -> bool:
        """Whether the source is a zip whose entries go below the target."""
        return self.target.endswith("/")


def staged_of(properties: Mapping[str, Any]) -> tuple[StagedObject, ...]:
    """Read the property ``StagedInput``.

    Raises
    ------
    InvalidRequestError
        It is no list of what can be staged.
    """
    found = maps(properties, "StagedInput", ("Source", "Target"))
    if not all(is_s3_uri(uri) for item in found for uri in item.values()):
        raise InvalidRequestError("the property 'StagedInput' must have S3 URIs as Source and Target, got another text")
    sizes = [integer(item, "Size", 0, LARGEST_OBJECT) for item in properties.get("StagedInput", ())]
    return tuple(StagedObject(item["Source"], item["Target"], size) for item, size in zip(found, sizes, strict=True))
