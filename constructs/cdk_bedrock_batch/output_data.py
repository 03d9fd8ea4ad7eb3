"""Where the results go."""

from dataclasses import dataclass

from aws_cdk import Stack
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from cdk_bedrock_batch._access import keys
from cdk_bedrock_batch._api.validation import check_type
from cdk_bedrock_batch._data.location import Location, warn_of_owners
from cdk_bedrock_batch._data.place import OUTPUT, BucketPlace, Place, UriPlace
from cdk_bedrock_batch._data.s3_uri import is_prefix


@dataclass(frozen=True)
class BoundOutput:
    """Output data that has found its place in a stack.

    Attributes
    ----------
    encryption_key
        What the job is told to encrypt with; without one S3 does as the bucket says.
    """

    location: Location
    encryption_key: kms.IKey | None


@dataclass(frozen=True)
class OutputData:
    """The place for the results. Make one with a class method."""

    _place: Place
    _encryption_key: kms.IKey | None

    @classmethod
    def to_bucket(cls, bucket: s3.IBucket, prefix: str = "", *, encryption_key: kms.IKey | None = None) -> "OutputData":
        """Write the results to a bucket, below ``<prefix>/<job id>/``.

        Parameters
        ----------
        bucket
            The bucket for the results, in the stack's Region. One of another account must tell so (``account`` of
            ``Bucket.from_bucket_attributes``).
        prefix
            Default: the root of the bucket.
        encryption_key
            What the results are encrypted with (``s3EncryptionKeyId``). Default: the job's ``encryption_key``, else
            as the bucket does by default.

        Raises
        ------
        ValueError
            The prefix has a character that Bedrock's S3 URI pattern refuses.
        """
        return cls(BucketPlace.of("output_data", bucket, _folder(prefix), *OUTPUT), keys.checked(encryption_key))

    @classmethod
    def to_uri(
        cls, uri: str, *, bucket_owner: str | None = None, encryption_key: kms.IKey | None = None
    ) -> "OutputData":
        """Write the results to a place in this or in another account, below ``<uri>/<job id>/``.

        Parameters
        ----------
        uri
            ``s3://bucket/prefix/``.
        bucket_owner
            The twelve digits of the bucket's account (``s3BucketOwner``). Default: the stack's own account.
        encryption_key
            What the results are encrypted with (``s3EncryptionKeyId``). Default: the job's ``encryption_key``, else
            as the bucket does by default.

        Raises
        ------
        ValueError
            The URI does not match the API's pattern, or the owner is no account.
        """
        return cls(UriPlace.of("output_data", _folder_uri(uri), bucket_owner, *OUTPUT), keys.checked(encryption_key))

    def check(self, stack: Stack) -> None:
        """Look at what can be seen now.

        Raises
        ------
        ValueError
            The bucket, or its key, is in another Region than the stack.
        """
        self._place.check_region(stack)
        keys.check_region(self._encryption_key, stack)

    def bind(self, scope: Construct, encryption_key: kms.IKey | None) -> BoundOutput:
        """Place the data in a stack; the key counts where there is no other."""
        key = self._encryption_key or encryption_key
        location = self._place.locate(scope, key)
        warn_of_owners(scope, "output_data", location, "s3:PutObject")
        return BoundOutput(location, key)


def _folder(prefix: str) -> str:
    check_type("output_data", prefix, str, '"results/"')
    return f"{prefix.strip('/')}/" if prefix.strip("/") else ""


def _folder_uri(uri: str) -> str:
    # Without the slash the role's right to write would reach what only begins alike.
    return f"{uri}/" if isinstance(uri, str) and not (is_prefix(uri) or uri.endswith("}")) else uri
