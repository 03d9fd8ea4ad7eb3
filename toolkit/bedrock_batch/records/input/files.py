"""The files of a job's input, wherever they are."""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from bedrock_batch.files.s3_uri import is_s3_uri
from bedrock_batch.records.check_report import Findings
from bedrock_batch.records.input.blocks import Source
from bedrock_batch.records.input.local import folder_files, single_file
from bedrock_batch.records.input.media import Media
from bedrock_batch.records.input.s3 import s3_files


class InputFile(Protocol):
    """A JSONL file."""

    @property
    def name(self) -> str:
        """As problems name it."""

    @property
    def media(self) -> Media:
        """Where its media are."""

    @property
    def name_problems(self) -> tuple[str, ...]:
        """What is wrong with its name."""

    def size(self) -> int:
        """Return its bytes."""

    def open(self) -> AbstractContextManager[Source]:
        """Open it at its beginning."""


def files_of(path: str | os.PathLike[str], s3_client: object, whole: Findings) -> Iterator[InputFile]:
    """Find the files that a path names.

    Parameters
    ----------
    path : str or path
        Of a file or folder, or an S3 URI.
    s3_client : boto3 client of S3, or None
        Lists and reads what is in S3. If there is none, boto3 makes it.
    whole : Findings
        Told what is wrong with the whole of it.

    Yields
    ------
    InputFile
        Each; a single file, even if there is none of that name.
    """
    name = os.fspath(path)
    if is_s3_uri(name):
        yield from s3_files(name, s3_client or default_client(), whole)
    elif os.path.isdir(name):  # noqa: PTH112 - a path that no file can have is no folder, and no error here
        yield from folder_files(Path(name), whole)
    else:
        yield single_file(Path(name))


def default_client() -> Any:  # noqa: ANN401 - boto3 makes its clients at run time
    """Make a client for S3 as boto3 is configured."""
    import boto3  # noqa: PLC0415 - slow to import, and only S3 needs it

    return boto3.client("s3")
