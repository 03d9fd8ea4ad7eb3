"""Places in S3."""

from dataclasses import dataclass, replace

from bedrock_local.environment import PARTITION
from bedrock_local.names.arn import Arn

_SCHEME = "s3://"
_ARN = Arn(PARTITION, "s3", "", "", "")


@dataclass(frozen=True)
class S3Uri:
    """A bucket, and an object or folder in it.

    Parameters
    ----------
    bucket
        The bucket's name.
    key
        Key or prefix; empty for the whole bucket. Of a URI without slashes at its ends.
    """

    bucket: str
    key: str

    @classmethod
    def parse(cls, uri: str) -> "S3Uri":
        """Read a URI.

        Parameters
        ----------
        uri
            ``s3://bucket/key``, as the service model's pattern has it.

        Returns
        -------
        S3Uri
            Its parts.
        """
        bucket, _, key = uri.removeprefix(_SCHEME).partition("/")
        return cls(bucket, key.strip("/"))

    @classmethod
    def of_path(cls, path: str) -> "S3Uri":
        """Read the path of a request, or what a copy names as its source.

        Parameters
        ----------
        path
            ``/bucket/key``, or without the first slash. The key stays as it is.

        Returns
        -------
        S3Uri
            Its parts.
        """
        bucket, _, key = path.removeprefix("/").partition("/")
        return cls(bucket, key)

    @classmethod
    def of_arn(cls, arn: str) -> "S3Uri | None":
        """Read an ARN.

        Parameters
        ----------
        arn
            Of anything.

        Returns
        -------
        S3Uri or None
            The bucket or object; None if it is of something else.
        """
        found = Arn.find(arn)
        if found is None or replace(found, resource="") != _ARN:
            return None
        bucket, _, key = found.resource.partition("/")
        return cls(bucket, key)

    def __str__(self) -> str:
        return f"{_SCHEME}{self.bucket}/{self.key}"

    @property
    def arn(self) -> str:
        """The ARN of the bucket, or of the object if there is a key."""
        return f"{_ARN}{self.bucket}" + (f"/{self.key}" if self.key else "")

    @property
    def folder(self) -> str:
        """The prefix of everything below."""
        return f"{self.key}/" if self.key else ""

    def join(self, *names: str) -> "S3Uri":
        """Return a place below.

        Parameters
        ----------
        names
            What comes after the slashes.

        Returns
        -------
        S3Uri
            The place.
        """
        return S3Uri(self.bucket, self.folder + "/".join(names))
