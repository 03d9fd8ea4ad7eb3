"""Places in S3."""

from dataclasses import dataclass


@dataclass(frozen=True)
class S3Uri:
    """A bucket, and an object or folder in it.

    Parameters
    ----------
    bucket
        The bucket's name.
    key
        Key or prefix, without slashes at its ends; empty for the whole bucket.
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
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        return cls(bucket, key.strip("/"))

    @property
    def arn(self) -> str:
        """The ARN of the bucket, or of the object if there is a key."""
        return f"arn:aws:s3:::{self.bucket}" + (f"/{self.key}" if self.key else "")

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
