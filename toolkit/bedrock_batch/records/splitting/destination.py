"""Where shards go: a folder, or one in S3."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any, Protocol

from bedrock_batch.files.s3_uri import NONE_OF_A_JOB, S3Uri, may_be_of_a_job
from bedrock_batch.files.temporary_folder import temporary_folder
from bedrock_batch.files.whole_file import whole_file
from bedrock_batch.records.input.blocks import Source
from bedrock_batch.records.split_report import SplitError
from bedrock_batch.refusals import named


class Destination(Protocol):
    """A folder for shards."""

    def names(self) -> set[str]:
        """List the shards that are there."""

    def place(self, name: str) -> str:
        """Say where a shard is, for people."""

    def open(self, name: str) -> AbstractContextManager[Source]:
        """Open a shard that is there."""

    def write(self, name: str) -> AbstractContextManager[Path]:
        """Give a file to write, which becomes the shard if the block ends well."""


class Folder:
    """A local folder.

    Parameters
    ----------
    path : pathlib.Path
        The folder, made if there is none.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with named(path, ours=path):
            path.mkdir(parents=True, exist_ok=True)
            # What a run left that could not clean up, because it was killed.
            for partial in path.glob(".records-*.jsonl.*.part"):
                partial.unlink()

    def names(self) -> set[str]:
        """List the shards that are there."""
        return {file.name for file in self._path.glob("records-*.jsonl")}

    def place(self, name: str) -> str:
        """Say where a shard is, for people."""
        return str(self._path / name)

    def open(self, name: str) -> AbstractContextManager[Source]:
        """Open a shard that is there."""
        return (self._path / name).open("rb", buffering=0)

    def write(self, name: str) -> AbstractContextManager[Path]:
        """Give a file to write, which becomes the shard if the block ends well."""
        return whole_file(self._path / name)


class S3Folder:
    """A folder in S3. Shards are uploaded in parts when they are whole; S3 shows an object when it has all of them.

    Parameters
    ----------
    uri : str
        Of the folder.
    client : boto3 client of S3
        Reads and writes it.
    """

    def __init__(self, uri: str, client: Any) -> None:  # noqa: ANN401 - boto3 makes its clients at run time
        self._bucket, key = S3Uri.parse(uri)
        if not may_be_of_a_job(uri):
            raise SplitError(f"{uri}: {NONE_OF_A_JOB}; name another place")
        self._prefix = f"{key.strip('/')}/" if key.strip("/") else ""
        self._client = client

    def names(self) -> set[str]:
        """List the shards that are there."""
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=f"{self._prefix}records-"
        )
        keys = (found["Key"] for page in pages for found in page.get("Contents", []))
        return {key.removeprefix(self._prefix) for key in keys if key.endswith(".jsonl")}

    def place(self, name: str) -> str:
        """Say where a shard is, for people."""
        return str(S3Uri(self._bucket, f"{self._prefix}{name}"))

    def open(self, name: str) -> AbstractContextManager[Source]:
        """Open a shard that is there."""
        return closing(self._client.get_object(Bucket=self._bucket, Key=f"{self._prefix}{name}")["Body"])

    @contextmanager
    def write(self, name: str) -> Iterator[Path]:
        """Give a file to write, which becomes the shard if the block ends well."""
        with temporary_folder() as folder:
            file = folder / name
            yield file
            self._client.upload_file(str(file), self._bucket, f"{self._prefix}{name}")
