"""Taking back what was put into the stack's own buckets, and the buckets when they hold nothing more."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from botocore.exceptions import ClientError

from model_invocation_job.jobs.refusals import code, kind_of, sorted_out
from model_invocation_job.requests.staged_object import StagedObject
from model_invocation_job.s3_uri import taken_apart


class Buckets(Protocol):
    """The stack's own buckets. Each call raises a `JobError` where S3 refuses it; what is gone already is no error."""

    def take_back(self, item: StagedObject) -> None:
        """Remove what was put into place, each version of it."""
        ...

    def delete(self, bucket: str) -> bool:
        """Delete a bucket; False where it holds something."""
        ...


class S3Buckets:
    """Buckets in S3, through a boto3 client of the service ``s3``."""

    def __init__(self, client: Any) -> None:  # noqa: ANN401 (boto3 makes its clients at run time; they have no class)
        self._client = client

    def take_back(self, item: StagedObject) -> None:
        """See `Buckets.take_back`. In a bucket without versions each object has one that is called null."""
        bucket, key = taken_apart(item.target)
        pages = self._client.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=key)
        with sorted_out(f"{item.target} cannot be removed"):
            try:
                for page in pages:
                    self._remove(bucket, [each for each in _versions(page) if item.is_archive or each["Key"] == key])
            except ClientError as error:
                if code(error) != "NoSuchBucket":
                    raise

    def delete(self, bucket: str) -> bool:
        """See `Buckets.delete`. That it is empty, versions included, S3 makes sure of."""
        with sorted_out(f"the bucket {bucket} cannot be deleted"):
            try:
                self._client.delete_bucket(Bucket=bucket)
            except ClientError as error:
                if code(error) == "BucketNotEmpty":
                    return False
                if code(error) != "NoSuchBucket":
                    raise
        return True

    def _remove(self, bucket: str, versions: Sequence[Mapping[str, str]]) -> None:
        if not versions:
            return
        # A page lists a thousand versions at most, and as many can be removed at once.
        removed = self._client.delete_objects(Bucket=bucket, Delete={"Objects": list(versions), "Quiet": True})
        for error in removed.get("Errors", ()):
            raise kind_of(error["Code"])(f"{error['Key']} in {bucket} cannot be removed: {error['Message']}")


def _versions(page: Mapping[str, Any]) -> list[dict[str, str]]:
    found = (*page.get("Versions", ()), *page.get("DeleteMarkers", ()))
    return [{"Key": each["Key"], "VersionId": each["VersionId"]} for each in found]
