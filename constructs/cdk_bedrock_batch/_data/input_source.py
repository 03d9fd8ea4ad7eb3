"""What every kind of input does: look at itself, and find its place in a stack."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from aws_cdk import Stack
from aws_cdk import aws_s3_assets as s3_assets
from constructs import Construct

from cdk_bedrock_batch._api.arn import s3_arn
from cdk_bedrock_batch._data.location import Location
from cdk_bedrock_batch._data.s3_uri import is_prefix, s3_uri
from cdk_bedrock_batch.invocation_type import InvocationType

#: Gives the job's own place for its input, made when it is asked for.
Home = Callable[[], Location]

#: Bytes that the function copies in one request; what is larger it copies in parts of as many.
PART = 64 * 1024 * 1024


@dataclass(frozen=True)
class StagedAsset:
    """Local data on its way: published by the CDK CLI, put in place by the function.

    Attributes
    ----------
    target
        Where it goes: an object for a file, a prefix below which an archive is unpacked.
    size
        Bytes of a file; None of an archive.
    """

    asset: s3_assets.Asset
    target: Location
    size: int | None = None

    @property
    def is_archive(self) -> bool:
        """Whether it is unpacked in its place."""
        return is_prefix(self.target.rest)

    @property
    def size_in_parts(self) -> int | None:
        """The bytes of a file that is copied in parts; None of any other."""
        return self.size if self.size and self.size > PART else None

    @property
    def is_written_in_parts(self) -> bool:
        """Whether what comes of it is written in parts."""
        return self.is_archive or self.size_in_parts is not None

    @property
    def source_uri(self) -> str:
        """The S3 URI of the published asset."""
        return s3_uri(self._published)

    @property
    def source_arn(self) -> str:
        """The ARN of the published asset."""
        return s3_arn(self._published)

    @property
    def bucket_arn(self) -> str:
        """The ARN of the bucket that it is published in."""
        return s3_arn(self.bucket_name)

    @cached_property
    def bucket_name(self) -> str:
        """The name of the bucket that it is published in."""
        return self.asset.s3_bucket_name

    @cached_property
    def _published(self) -> str:
        return f"{self.bucket_name}/{self.asset.s3_object_key}"


@dataclass(frozen=True)
class BoundInput:
    """Input data that has found its place in a stack.

    Attributes
    ----------
    location
        What the job reads.
    readable
        What the service role may read.
    """

    location: Location
    readable: Location
    staged: tuple[StagedAsset, ...] = ()


class InputSource(Protocol):
    """One kind of input."""

    def check(self, stack: Stack, model_id: str, invocation_type: InvocationType | None) -> list[str]:
        """See `InputData.check`."""
        ...

    def bind(self, scope: Construct, home: Home) -> BoundInput:
        """See `InputData.bind`."""
        ...
