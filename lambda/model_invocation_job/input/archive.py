"""A folder of input, published as a zip: unpacked below a place in S3, piece by piece, whatever its size.

The function has little memory and no disk of that size, so entries flow from ranged GETs into multipart uploads.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PureWindowsPath
from typing import IO, Any

from model_invocation_job.clock import Deadline
from model_invocation_job.errors import SubmissionError
from model_invocation_job.input.media import addressed
from model_invocation_job.input.s3_object import BLOCK, S3Object
from model_invocation_job.requests.staged_object import StagedObject
from model_invocation_job.s3_uri import taken_apart

#: What `zipfile` raises for an archive that is broken, encrypted, or packed in a way that it does not know.
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError)
#: Bytes. No model takes so large an input, and a line is held in memory.
_MAX_LINE = 32 * 1024 * 1024


def unpack(client: Any, item: StagedObject, deadline: Deadline) -> None:  # noqa: ANN401 (boto3's clients have no class)
    """Put every entry of an archive below the target; a second time puts the same there.

    Parameters
    ----------
    client
        boto3's, of the service ``s3``.
    item
        The archive and the folder.
    deadline
        When nothing more is sent.

    Raises
    ------
    SubmissionError
        The archive cannot be read, an entry's name leads out of the folder (seen before anything is put anywhere), or
        the time is over.
    """
    try:
        file = io.BufferedReader(S3Object(client, *taken_apart(item.source)), BLOCK)
        with zipfile.ZipFile(file) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            for entry in entries:
                _check_name(entry.filename, item)
            for entry in entries:
                with archive.open(entry) as content:
                    _put(client, _Upload(_pieces(content, item), deadline), item.target, entry.filename)
    except _UNREADABLE as error:
        raise SubmissionError(f"{item.source} cannot be unpacked, publish it again: {error}") from error


class _Upload:
    """What boto3 uploads without knowing how long it is."""

    def __init__(self, pieces: Iterator[bytes], deadline: Deadline) -> None:
        self._pieces = pieces
        self._deadline = deadline
        self._held = bytearray()

    def read(self, size: int = BLOCK) -> bytes:
        """Return so many bytes, fewer at the end only; boto3 names no size once it has seen the end."""
        while len(self._held) < size and (piece := next(self._pieces, b"")):
            if self._deadline.left <= 0:
                raise SubmissionError("the function has too little time to unpack so much: publish fewer files at once")
            self._held += piece
        taken = bytes(self._held[:size])
        del self._held[:size]
        return taken


def _put(client: Any, upload: _Upload, folder: str, name: str) -> None:  # noqa: ANN401 (as above)
    from boto3.s3.transfer import TransferConfig  # noqa: PLC0415 (boto3 is slow to load, and archives are rare)

    bucket, prefix = taken_apart(folder)
    # One part at a time: each thread would hold parts of its own.
    config = TransferConfig(use_threads=False)
    client.upload_fileobj(upload, bucket, f"{prefix}{name}", Config=config)


def _pieces(content: IO[bytes], item: StagedObject) -> Iterator[bytes]:
    if content.name.endswith(".jsonl"):
        return addressed(_lines(content), item.target)
    return iter(lambda: content.read(BLOCK), b"")


def _lines(content: IO[bytes]) -> Iterator[bytes]:
    file = io.BufferedReader(content, BLOCK)  # type: ignore[type-var]  # an entry has `readinto`, as a raw file has
    while line := file.readline(_MAX_LINE + 1):
        if len(line) > _MAX_LINE:
            raise SubmissionError(
                f"{content.name} has a line of more than {_MAX_LINE} bytes: put each record on its own"
            )
        yield line


def _check_name(name: str, item: StagedObject) -> None:
    path = PureWindowsPath(name)  # it knows both kinds of separators
    if path.anchor or ".." in path.parts:
        raise SubmissionError(f"{item.source} has an entry that leads out of {item.target}: '{name}'")
