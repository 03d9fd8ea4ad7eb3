"""The output of a job: one file for each input file, and the manifest."""

import json
from collections.abc import Mapping
from io import BytesIO
from typing import IO

from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError

from bedrock_local.bedrock.access.roles import RoleSession
from bedrock_local.bedrock.jobs.failure import JobFailedError, no_permission
from bedrock_local.bedrock.jobs.job import Job
from bedrock_local.names.s3_uri import S3Uri

_SUFFIX = ".out"
# Otherwise as many as threads are in memory: ours, and the emulator's.
_ONE_PART_AT_A_TIME = TransferConfig(use_threads=False)
_MANIFEST = "manifest.json"
_SERVER_ERRORS = range(500, 600)


class OutputData:
    """Where a job writes.

    Parameters
    ----------
    job
        The job.
    session
        Its service role.
    """

    def __init__(self, job: Job, session: RoleSession) -> None:
        config = job.request["outputDataConfig"]["s3OutputDataConfig"]
        self._folder = S3Uri.parse(config["s3Uri"]).join(job.job_id)
        self._session = session
        self._key_id: str | None = config.get("s3EncryptionKeyId")
        self._owner: str = config["s3BucketOwner"]
        self._options = {"ExpectedBucketOwner": self._owner}
        if self._key_id:
            self._options |= {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": self._key_id}

    def check(self) -> None:
        """Check that the role may write, without writing.

        Raises
        ------
        JobFailedError
            If it may not list the bucket, put objects into it, or use the key.
        """
        place = self._folder.join(_MANIFEST + _SUFFIX)
        try:
            self._session.s3.list_objects_v2(
                Bucket=place.bucket, Prefix=self._folder.folder, MaxKeys=1, ExpectedBucketOwner=self._owner
            )
        except ClientError:
            raise no_permission("ListBucket", self._folder) from None
        if not self._session.may_put(place, self._key_id):
            raise no_permission("PutObject", place)

    def write(self, name: str, content: IO[bytes]) -> None:
        """Write the answers to an input file.

        Parameters
        ----------
        name
            The input file's path below the input location.
        content
            Output lines, from the start.

        Raises
        ------
        JobFailedError
            If the role may no longer write, or S3 fails.
        """
        place = self._folder.join(name + _SUFFIX)
        content.seek(0)
        try:
            self._session.s3.upload_fileobj(
                content, place.bucket, place.key, ExtraArgs=self._options, Config=_ONE_PART_AT_A_TIME
            )
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] in _SERVER_ERRORS:
                raise JobFailedError(error.response["Error"]["Message"]) from None
            raise no_permission("PutObject", place) from None

    def write_manifest(self, manifest: Mapping[str, int]) -> None:
        """Write ``manifest.json.out``.

        Parameters
        ----------
        manifest
            Its content.

        Raises
        ------
        JobFailedError
            If the role may no longer write.
        """
        self.write(_MANIFEST, BytesIO(json.dumps(manifest).encode()))
