"""The job that is looked at: what it reads, writes, calls and runs as."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bedrock_batch.files.s3_uri import S3Uri
from bedrock_batch.jobs.arn import Arn, id_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bedrock_batch.jobs.job import Job


@dataclass(frozen=True)
class Place:
    """Where a job reads or writes.

    Attributes
    ----------
    uri : S3Uri
        A file or a folder.
    owner : str
        The account that must own the bucket.
    """

    uri: S3Uri
    owner: str


@dataclass(frozen=True)
class Subject:
    """A job that has been made, or one that may be.

    Attributes
    ----------
    arn : str
        Its ARN: of it, partition, Region and account are told.
    role : str
        The ARN of its service role.
    model : str
        The ARN of its model or inference profile.
    input, output : Place
        Where it reads and writes.
    key : str
        The `s3EncryptionKeyId`; empty without one.
    subnets, groups : tuple of str
        Those of its `vpcConfig`; empty without one.
    """

    arn: str
    role: str
    model: str
    input: Place
    output: Place
    key: str = ""
    subnets: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()

    @classmethod
    def of(cls, job: Job) -> Subject:
        """Take from a job what is to be looked at.

        Parameters
        ----------
        job : Job
            As GetModelInvocationJob tells it.
        """
        details = job.details
        reads: Mapping[str, Any] = details["inputDataConfig"]["s3InputDataConfig"]
        writes: Mapping[str, Any] = details["outputDataConfig"]["s3OutputDataConfig"]
        network: Mapping[str, Any] = details.get("vpcConfig") or {}
        account = Arn.of(job.arn).account
        return cls(
            job.arn,
            str(details["roleArn"]),
            str(details["modelId"]),
            # The service answers the owner also where it was not sent one; an older answer may lack it.
            Place(S3Uri.parse(reads["s3Uri"]), reads.get("s3BucketOwner") or account),
            Place(S3Uri.parse(writes["s3Uri"]), writes.get("s3BucketOwner") or account),
            str(writes.get("s3EncryptionKeyId") or ""),
            tuple(network.get("subnetIds", ())),
            tuple(network.get("securityGroupIds", ())),
        )

    @property
    def partition(self) -> str:
        """The partition, such as ``aws``."""
        return Arn.of(self.arn).partition

    @property
    def region(self) -> str:
        """The Region."""
        return Arn.of(self.arn).region

    @property
    def account(self) -> str:
        """The account."""
        return Arn.of(self.arn).account

    @property
    def id(self) -> str:
        """The job's id, which names the folder of its results."""
        return id_of(self.arn)

    @property
    def role_name(self) -> str:
        """The role's name, without the path before it."""
        return Arn.of(self.role).name

    @property
    def role_account(self) -> str:
        """The role's account."""
        return Arn.of(self.role).account

    def object_arn(self, bucket: str, key: str) -> str:
        """Return the ARN of an object, or with an empty key of a bucket."""
        return str(Arn(self.partition, "s3", "", "", f"{bucket}/{key}" if key else bucket))
