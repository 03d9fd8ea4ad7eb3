"""The output of jobs, copied from S3 as the service wrote it."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

from bedrock_local.disk import naming
from bedrock_local.errors import LocalAwsError
from bedrock_local.names.s3_uri import S3Uri
from bedrock_local.options import option

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from mypy_boto3_s3 import S3Client

    from bedrock_local.command.jobs import Job


# As the service calls them, or, before one is whole, boto3.
_OF_THE_SERVICE = re.compile(r".+\.out(\.[0-9A-Za-z]{8})?")


def clear(folder: Path) -> None:
    """Remove the output that was copied to a folder before.

    Raises
    ------
    LocalAwsError
        If it cannot be removed, or the folder holds something else, which is kept.
    """
    others = (path for path in folder.rglob("*") if not (path.is_dir() or _OF_THE_SERVICE.fullmatch(path.name)))
    try:
        if other := next(others, None):
            raise _keep(folder, f"it holds {other.relative_to(folder)}")
        if folder.is_symlink():
            raise _keep(folder, "it is a symbolic link")
        if folder.exists():
            shutil.rmtree(folder)
    except OSError as error:
        raise _keep(folder, str(error.strerror)) from None


def _keep(folder: Path, why: str) -> LocalAwsError:
    return LocalAwsError(
        f"{folder} has to be replaced by the output of jobs and cannot be: {why}; move it away, "
        f"or name another {option('dir')}"
    )


def download(s3: Callable[[str], S3Client], jobs: Sequence[Job], folder: Path) -> dict[str, Path]:
    """Copy the output of jobs into a folder that then holds nothing else.

    Parameters
    ----------
    s3
        Returns the client for a job's account and Region.
    jobs
        Jobs that have ended.
    folder
        Where to. The output of one job is put there; of several, into a folder for each, named by the job's id.

    Returns
    -------
    dict
        From the ARN of each job to the folder of its output.

    Raises
    ------
    LocalAwsError
        If a file cannot be written, or the folder cannot be cleared.
    """
    clear(folder)
    folders = {job.arn: folder if len(jobs) == 1 else folder / job.job_id for job in jobs}
    for job in jobs:
        _download_folder(s3(job.arn), job.output_uri, folders[job.arn])
    return folders


def _download_folder(s3: S3Client, uri: str, folder: Path) -> None:
    place = S3Uri.parse(uri)
    with naming(folder):
        folder.mkdir(parents=True)
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=place.bucket, Prefix=place.folder):
        for entry in page.get("Contents", []):
            file = folder / entry["Key"].removeprefix(place.folder)
            with naming(file):
                file.parent.mkdir(parents=True, exist_ok=True)
                s3.download_file(place.bucket, entry["Key"], str(file))
