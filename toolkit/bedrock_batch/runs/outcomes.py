"""What came of jobs, and of what was asked on demand: small objects that the pipeline writes, as many as there were."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mypy_boto3_s3 import S3Client

    from bedrock_batch.files.s3_uri import S3Uri

#: Requests at a time; botocore keeps ten connections.
_AT_A_TIME = 10


class Outcomes:
    """Reads outcomes, again and again: of those that have not changed only that they are there.

    Parameters
    ----------
    s3
        Client.
    """

    def __init__(self, s3: S3Client) -> None:
        self._s3 = s3
        self._read: dict[str, tuple[str, Mapping[str, Any]]] = {}

    def below(self, prefix: S3Uri) -> list[Mapping[str, Any]]:
        """Read what stands below a prefix.

        Raises
        ------
        botocore.exceptions.ClientError
            If S3 refuses.
        """
        versions = dict(self._list(prefix))
        new = [key for key, version in versions.items() if self._read.get(key, ("",))[0] != version]
        with ThreadPoolExecutor(_AT_A_TIME) as pool:
            read = pool.map(partial(self._outcome, prefix.bucket), new)
            self._read |= {key: (versions[key], outcome) for key, outcome in zip(new, read, strict=True)}
        return [self._read[key][1] for key in versions]

    def _list(self, prefix: S3Uri) -> Iterator[tuple[str, str]]:
        for page in self._s3.get_paginator("list_objects_v2").paginate(Bucket=prefix.bucket, Prefix=prefix.key):
            yield from ((each["Key"], each["ETag"]) for each in page.get("Contents", []))

    def _outcome(self, bucket: str, key: str) -> Mapping[str, Any]:
        told = json.loads(self._s3.get_object(Bucket=bucket, Key=key)["Body"].read())
        # What is told of each kind of error is long, and nobody asks for it here.
        return {name: value for name, value in told.items() if name != "Errors"}
