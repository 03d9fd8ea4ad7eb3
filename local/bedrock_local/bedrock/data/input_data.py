"""The input of a job: found in S3, copied once, checked, and read line by line."""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import IO, Any

from botocore.exceptions import ClientError

from bedrock_local.bedrock.access.roles import RoleSession
from bedrock_local.bedrock.data.record import MalformedRecordError, Record
from bedrock_local.bedrock.jobs.failure import JobFailedError, few_records, malformed_line, no_permission, too_much
from bedrock_local.bedrock.jobs.job import Job
from bedrock_local.bedrock.jobs.quotas import Quotas
from bedrock_local.names.s3_uri import S3Uri

_SUFFIX = ".jsonl"


@dataclass(frozen=True)
class InputFile:
    """A JSONL file of a job.

    Parameters
    ----------
    name
        Its path below the input location.
    content
        A copy on disk: the job sees one version of it, and memory holds a line at a time.
    record_count
        Its lines.
    require
        Returns if it can still be read.
    """

    name: str
    content: IO[bytes]
    record_count: int
    require: Callable[[], None]

    def records(self) -> Iterator[Record]:
        """Read the records, if the file can still be read.

        Yields
        ------
        Record
            One a line. Lines end at a newline and nowhere else.

        Raises
        ------
        JobFailedError
            If the role may no longer read the file.
        """
        self.require()
        self.content.seek(0)
        yield from map(Record.parse, self.content)


@contextmanager
def open_input(job: Job, session: RoleSession, quotas: Quotas) -> Iterator[list[InputFile]]:
    """Fetch and check the input of a job.

    Parameters
    ----------
    job
        The job.
    session
        Its service role.
    quotas
        Limits on records and sizes.

    Yields
    ------
    list[InputFile]
        The files, gone when the context ends.

    Raises
    ------
    JobFailedError
        If the role cannot list or read them, or they break a quota or are not JSONL.
    """
    config = job.request["inputDataConfig"]["s3InputDataConfig"]
    location, owner = S3Uri.parse(config["s3Uri"]), config["s3BucketOwner"]
    with ExitStack() as files:
        opened: list[InputFile] = []
        for key in _keys(location, owner, session, quotas):
            content = files.enter_context(tempfile.TemporaryFile())
            place = S3Uri(location.bucket, key)
            _copy(place, owner, session, content)
            name = key.removeprefix(location.folder) if key != location.key else key.rpartition("/")[2]
            require = partial(_require, place, owner, session)
            opened.append(InputFile(name, content, _count(name, content, quotas), require))
        _check_total(sum(file.record_count for file in opened), quotas)
        yield opened


def _keys(location: S3Uri, owner: str, session: RoleSession, quotas: Quotas) -> list[str]:
    objects = {found["Key"]: found["Size"] for found in _list(location, owner, session)}
    if location.key in objects:
        objects = {location.key: objects[location.key]}
    sizes = {
        key: size
        for key, size in objects.items()
        if key.endswith(_SUFFIX) and (key == location.key or key.startswith(location.folder))
    }
    if not sizes:
        raise JobFailedError(f"No {_SUFFIX} files were found at S3URI: {location}")
    for key, size in sizes.items():
        if size > quotas.bytes_per_file:
            raise too_much(f"Batch job input file {key} contains more bytes", size, quotas.bytes_per_file)
    if (total := sum(sizes.values())) > quotas.bytes_per_job:
        raise too_much("Batch job contains more bytes", total, quotas.bytes_per_job)
    return sorted(sizes)


def _list(location: S3Uri, owner: str, session: RoleSession) -> Iterator[Mapping[str, Any]]:
    pages = session.s3.get_paginator("list_objects_v2").paginate(
        Bucket=location.bucket, Prefix=location.key, ExpectedBucketOwner=owner
    )
    try:
        for page in pages:
            yield from page.get("Contents", [])
    except ClientError:
        raise no_permission("ListBucket", location) from None


def _copy(place: S3Uri, owner: str, session: RoleSession, content: IO[bytes]) -> None:
    try:
        found = session.s3.get_object(Bucket=place.bucket, Key=place.key, ExpectedBucketOwner=owner)
    except ClientError:
        raise no_permission("GetObject", place) from None
    shutil.copyfileobj(found["Body"], content)


def _require(place: S3Uri, owner: str, session: RoleSession) -> None:
    """Return unless the role may no longer read an object; that one is gone meanwhile is nothing to the copy."""
    try:
        # With the checksum it is judged as a read: the key has to be the role's to use, too.
        session.s3.head_object(Bucket=place.bucket, Key=place.key, ExpectedBucketOwner=owner, ChecksumMode="ENABLED")
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] == HTTPStatus.FORBIDDEN:
            raise no_permission("GetObject", place) from None


def _count(name: str, content: IO[bytes], quotas: Quotas) -> int:
    count = 0
    content.seek(0)
    for count, line in enumerate(content, 1):
        try:
            Record.parse(line)
        except MalformedRecordError as error:
            raise malformed_line(name, count, str(error)) from None
    if count > quotas.records_per_file:
        raise too_much(f"Batch job input file {name} contains more records", count, quotas.records_per_file)
    return count


def _check_total(count: int, quotas: Quotas) -> None:
    if count < quotas.min_records_per_job:
        raise few_records(count, quotas.min_records_per_job)
    if count > quotas.records_per_job:
        raise too_much("Batch job contains more records", count, quotas.records_per_job)
