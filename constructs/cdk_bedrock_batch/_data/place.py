"""The two ways to name a place in S3: a bucket and a path in it, or a URI."""

from dataclasses import dataclass
from typing import Protocol

from aws_cdk import Stack
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from cdk_bedrock_batch._access import keys
from cdk_bedrock_batch._api.region import check_same
from cdk_bedrock_batch._api.validation import check_construct, check_text, check_type
from cdk_bedrock_batch._cdk.tokens import is_token
from cdk_bedrock_batch._data.location import Location, shown
from cdk_bedrock_batch._data.s3_uri import s3_uri, taken_apart

INPUT = ("inputDataConfig", "s3InputDataConfig")
OUTPUT = ("outputDataConfig", "s3OutputDataConfig")

_ADVICE = "use only letters, digits and -!_*'(). between single slashes"


class Place(Protocol):
    """Somewhere in S3, not yet in a stack."""

    def check_region(self, stack: Stack) -> None:
        """Refuse a bucket that is known to be in another Region than a stack, or to have a key there.

        Raises
        ------
        ValueError
            Bedrock reads and writes in the job's own Region only.
        """
        ...

    def locate(self, scope: Construct, encryption_key: kms.IKey | None) -> Location:
        """Find it in a stack; the key is what encrypts the objects, None for the bucket's own."""
        ...


@dataclass(frozen=True)
class BucketPlace:
    """A path in a bucket."""

    prop: str
    bucket: s3.IBucket
    path: str

    @classmethod
    def of(cls, prop: str, bucket: s3.IBucket, path: str, *config: str) -> "BucketPlace":
        """Check the path against the part of the API's pattern that stands for it.

        Raises
        ------
        ValueError
            The path has a character that Bedrock refuses.
        """
        check_construct(prop, bucket, "bucket_name", 's3.Bucket(self, "Bucket")')
        check_type(prop, path, str, '"2026-11/"')
        if not is_token(path):
            check_text(prop, s3_uri(f"bucket/{path}"), *config, "s3Uri", advice=_ADVICE)
        return cls(prop, bucket, path)

    def check_region(self, stack: Stack) -> None:
        """See `Place.check_region`."""
        check_same(self.prop, shown("the bucket", self.bucket.bucket_name), self.bucket.env.region, stack)
        keys.check_region(self.bucket.encryption_key, stack)

    def locate(self, scope: Construct, encryption_key: kms.IKey | None) -> Location:
        """See `Place.locate`."""
        return Location.of(scope, self.bucket, self.path, encryption_key)


@dataclass(frozen=True)
class UriPlace:
    """An S3 URI, whose bucket is known by name only."""

    prop: str
    uri: str
    owner: str | None

    @classmethod
    def of(cls, prop: str, uri: str, owner: str | None, *config: str) -> "UriPlace":
        """Check a URI and the account of its bucket.

        Raises
        ------
        ValueError
            The URI does not match the API's pattern, or the owner is no account.
        """
        check_text(prop, uri, *config, "s3Uri", advice=f"write s3://bucket/path, and {_ADVICE}")
        if owner is not None:
            check_text(prop, owner, *config, "s3BucketOwner", advice="give the twelve digits of the bucket's account")
        return cls(prop, uri, owner)

    def check_region(self, stack: Stack) -> None:
        """See `Place.check_region`: a name tells no Region."""

    @property
    def _bucket_id(self) -> str:
        return "InputUri" if self.prop == "input_data" else "OutputUri"

    def locate(self, scope: Construct, encryption_key: kms.IKey | None) -> Location:
        """See `Place.locate`."""
        name, rest = taken_apart(self.uri)
        bucket = s3.Bucket.from_bucket_name(scope, self._bucket_id, name)
        return Location(bucket, rest, self.owner, encryption_key)
