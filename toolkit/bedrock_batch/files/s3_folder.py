"""Files in S3, copied to a folder on this machine."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from bedrock_batch.errors import BedrockBatchError
from bedrock_batch.values import shortened

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_s3 import S3Client

    from bedrock_batch.files.s3_uri import S3Uri


def download(s3: S3Client, uri: S3Uri, folder: Path, suffixes: tuple[str, ...], progress: Callable[[int], None]) -> int:
    """Copy an object, or all objects of a folder and the folders below, keeping their names.

    Parameters
    ----------
    s3
        Client.
    uri : S3Uri
        An object, or the prefix of a folder.
    folder : pathlib.Path
        Where to.
    suffixes : tuple of str
        How the names of the objects to copy end.
    progress : callable
        Told of bytes as they arrive.

    Returns
    -------
    int
        How many objects were copied.

    Raises
    ------
    botocore.exceptions.ClientError
        If S3 refuses.
    OSError
        If the disk does.
    """
    keys = [key for key in _keys(s3, uri) if key.endswith(suffixes)]
    for key in keys:
        name = key.removeprefix(_folder(uri)) if key != uri.key else PurePosixPath(key).name
        target = _inside(folder, name)
        target.parent.mkdir(parents=True, exist_ok=True)
        s3.download_file(uri.bucket, key, str(target), Callback=progress)
    return len(keys)


def _keys(s3: S3Client, uri: S3Uri) -> list[str]:
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=uri.bucket, Prefix=uri.key)
    keys = [entry["Key"] for page in pages for entry in page.get("Contents", [])]
    # `in` is no prefix of what is in `in-other/`, though S3 takes it for one.
    return [uri.key] if uri.key in keys else [key for key in keys if key.startswith(_folder(uri))]


def _folder(uri: S3Uri) -> str:
    return f"{uri.key.rstrip('/')}/" if uri.key else ""


def _inside(folder: Path, name: str) -> Path:
    target = (folder / name).resolve()
    if not target.is_relative_to(folder.resolve()):
        raise BedrockBatchError(f"the object {shortened(name, 200)} has a name that leads out of its folder; rename it")
    return target
