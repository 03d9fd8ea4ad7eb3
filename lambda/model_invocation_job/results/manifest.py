"""The numbers of tokens, which the service writes beside a job's results and tells nowhere else.

Source: Bedrock user guide, "View the results of a batch inference job", ``manifest.json.out``.
"""

import json
import logging
from collections.abc import Mapping
from typing import Any, Protocol

from botocore.exceptions import ClientError

from model_invocation_job.jobs.refusals import Refusal, code, job_error
from model_invocation_job.s3_uri import taken_apart

logger = logging.getLogger(__name__)

NAME = "manifest.json.out"
#: Bytes. It is a handful of numbers.
_LONGEST = 65_536


class Manifests(Protocol):
    """The manifests of jobs."""

    def read(self, folder: str) -> Mapping[str, Any]:
        """Return what the manifest in a job's folder says; nothing if there is none that can be read.

        Raises
        ------
        JobError
            It cannot be read, and may be later.
        """
        ...


class S3Manifests:
    """The manifests in S3, through a boto3 client of the service ``s3``."""

    def __init__(self, client: Any) -> None:  # noqa: ANN401 (boto3 makes its clients at run time; they have no class)
        self._client = client

    def read(self, folder: str) -> Mapping[str, Any]:
        """See `Manifests.read`."""
        bucket, prefix = taken_apart(folder)
        try:
            body = self._client.get_object(Bucket=bucket, Key=f"{prefix}{NAME}")["Body"].read(_LONGEST)
        except Refusal as error:
            if isinstance(error, ClientError) and code(error) == "NoSuchKey":
                return {}
            raise job_error(error, f"{folder}{NAME} cannot be read") from error
        try:
            content = json.loads(body)
        except ValueError:
            return {}
        return content if isinstance(content, dict) else {}
