"""Putting the input where the job will read it.

The construct publishes local files as CDK assets. They are copied, inside S3, into the input bucket under a key that
carries the digest of their content, so that data has one home with its owner's encryption and lifecycle.
"""

from collections.abc import Iterable
from typing import Any, Protocol
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError

from model_invocation_job.errors import NotYetPermittedError, SubmissionError
from model_invocation_job.request import StagedObject


class Staging(Protocol):
    """The way to place objects before a job starts."""

    def stage(self, objects: Iterable[StagedObject]) -> None:
        """Copy each object to its target; a second time changes nothing."""
        ...


class S3Staging:
    """Copies within S3, through a boto3 client of the service ``s3``."""

    def __init__(self, client: Any) -> None:  # noqa: ANN401 (boto3 makes its clients at run time; they have no class)
        self._client = client

    def stage(self, objects: Iterable[StagedObject]) -> None:
        """See `Staging.stage`."""
        for item in objects:
            try:
                self._copy(item)
            except ClientError as error:
                reason = f"{item.source} cannot be copied to {item.target}: {error}"
                if error.response["Error"].get("Code") in ("AccessDenied", "403"):
                    raise NotYetPermittedError(reason) from error
                raise SubmissionError(reason) from error
            except BotoCoreError as error:
                raise SubmissionError(f"{item.source} cannot be copied to {item.target}: {error}") from error

    def _copy(self, item: StagedObject) -> None:
        source, target = urlsplit(item.source), urlsplit(item.target)
        self._client.copy_object(
            CopySource={"Bucket": source.netloc, "Key": source.path[1:]},
            Bucket=target.netloc,
            Key=target.path[1:],
            # The default copies the source's tags, which needs a right to read them.
            TaggingDirective="REPLACE",
        )
