"""Objects in S3 that are read and written a line at a time, whatever their size, and small ones of JSON."""

import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from botocore.exceptions import ClientError

from batch_inference_pipeline.places import Place
from model_invocation_job.input.s3_object import BLOCK, S3Object
from model_invocation_job.jobs.refusals import code


class Objects:
    """Objects in S3.

    Parameters
    ----------
    client
        boto3's, of the service ``s3``.
    key_id
        The KMS key that encrypts what is written. Default: what the bucket has.
    """

    def __init__(self, client: Any, key_id: str | None = None) -> None:  # noqa: ANN401 (boto3's clients have no class)
        self._client = client
        self._encryption = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": key_id} if key_id else {}

    def lines(self, place: Place) -> Iterator[bytes]:
        """Yield the lines of an object, each with its newline."""
        # A reader of bytes ends lines at a newline and nowhere else.
        yield from io.BufferedReader(S3Object(self._client, place.bucket, place.key), BLOCK)

    def lines_if_there(self, place: Place) -> Iterator[bytes]:
        """Yield the lines of an object; none where there is no such object."""
        try:
            yield from self.lines(place)
        except ClientError as error:
            if code(error) != "NoSuchKey":
                raise

    def write(self, place: Place, lines: Iterable[bytes]) -> None:
        """Write lines as they come; one that has no newline gets it."""
        from boto3.s3.transfer import TransferConfig  # noqa: PLC0415 (boto3 is slow to load)

        # One part of 8 MiB at a time: each thread would hold parts of its own.
        config = TransferConfig(use_threads=False)
        self._client.upload_fileobj(_Upload(lines), place.bucket, place.key, ExtraArgs=self._encryption, Config=config)

    def read(self, place: Place) -> dict[str, Any]:
        """Return the JSON of a small object."""
        content: dict[str, Any] = json.load(self._client.get_object(Bucket=place.bucket, Key=place.key)["Body"])
        return content

    def put(self, place: Place, content: Mapping[str, object]) -> None:
        """Write JSON to a small object."""
        body = json.dumps(content, indent=2).encode()
        self._client.put_object(Bucket=place.bucket, Key=place.key, Body=body, **self._encryption)

    def below(self, prefix: Place) -> Iterator[Place]:
        """Yield what stands below a prefix, in the order of the keys."""
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=prefix.bucket, Prefix=prefix.key)
        for page in pages:
            yield from (Place(prefix.bucket, each["Key"]) for each in page.get("Contents", ()))

    def move(self, place: Place, target: Place) -> None:
        """Give an object of at most 5 GB another key."""
        source = {"Bucket": place.bucket, "Key": place.key}
        self._client.copy_object(CopySource=source, Bucket=target.bucket, Key=target.key, **self._encryption)
        self.remove(place)

    def remove(self, place: Place) -> None:
        """Remove an object, if it is there."""
        self._client.delete_object(Bucket=place.bucket, Key=place.key)


class _Upload:
    """What boto3 uploads without knowing how long it is."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._lines = iter(lines)
        self._held = bytearray()

    def read(self, size: int = BLOCK) -> bytes:
        """Return so many bytes, fewer at the end only; boto3 names no size once it has seen the end."""
        while len(self._held) < size and (line := next(self._lines, b"")):
            self._held += line if line.endswith(b"\n") else line + b"\n"
        taken = bytes(self._held[:size])
        del self._held[:size]
        return taken
