"""Input in S3: an object, or all below a prefix."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from typing import Any

from bedrock_batch.files.s3_uri import NONE_OF_A_JOB, S3Uri, may_be_of_a_job
from bedrock_batch.records.check_report import Findings
from bedrock_batch.records.input.blocks import Source
from bedrock_batch.records.input.media import Media, S3Media
from bedrock_batch.records.input.source import SUFFIX, SourceError
from bedrock_batch.values import shortened


@dataclass(frozen=True)
class S3File:
    """A JSONL object.

    Attributes
    ----------
    name : str
        Its URI.
    bytes : int
        Its size.
    media : Media
        Where its media are.
    client : boto3 client of S3
        Reads it.
    """

    name: str
    bytes: int
    media: Media
    client: Any
    name_problems: tuple[str, ...] = ()

    def size(self) -> int:
        """Return its bytes."""
        return self.bytes

    def open(self) -> AbstractContextManager[Source]:
        """Open it at its beginning.

        Raises
        ------
        SourceError
            If it is empty.
        botocore.exceptions.ClientError
            If S3 refuses to read it.
        """
        if not self.bytes:
            raise SourceError("is empty; write one record on each line")
        bucket, key = S3Uri.parse(self.name)
        return closing(self.client.get_object(Bucket=bucket, Key=key)["Body"])


def s3_files(uri: str, client: Any, findings: Findings) -> Iterator[S3File]:  # noqa: ANN401 - boto3 makes its clients at run time
    """Find the JSONL objects that a job with this input URI reads.

    Parameters
    ----------
    uri : str
        Of an object whose key ends in ``.jsonl``, or of a folder.
    client : boto3 client of S3
        Lists them.
    findings : Findings
        Told if the URI is not one that a job may have, or if nothing is there.

    Yields
    ------
    S3File
        Each.

    Raises
    ------
    botocore.exceptions.ClientError
        If S3 refuses to list.
    """
    if not may_be_of_a_job(uri):
        findings.add(f"{NONE_OF_A_JOB}; rename what is there")
        return
    bucket, key = S3Uri.parse(uri)
    folder = str(S3Uri(bucket, key[: key.rfind("/") + 1])) if key.endswith(SUFFIX) else f"{uri.rstrip('/')}/"
    sizes = dict(_list(folder, client))
    media = S3Media(folder, frozenset(sizes))
    wanted = {uri: sizes[uri]} if uri in sizes else {} if key.endswith(SUFFIX) else sizes
    found = {name: size for name, size in wanted.items() if name.endswith(SUFFIX)}
    if not found:
        findings.cannot_read(f"has no object whose key ends in {SUFFIX}; check the URI, or upload the records")
    for name in wanted:
        if SUFFIX in name.lower() and name not in found:
            findings.warn(f"{shortened(name, 200)} does not end in '{SUFFIX}', so its records are not read; rename it")
    for name, size in found.items():
        yield S3File(name, size, media, client)


def _list(folder: str, client: Any) -> Iterator[tuple[str, int]]:  # noqa: ANN401 - as above
    bucket, prefix = S3Uri.parse(folder)
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        for found in page.get("Contents", []):
            yield str(S3Uri(bucket, found["Key"])), found["Size"]
