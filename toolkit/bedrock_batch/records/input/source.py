"""An input file on this machine, before its lines are looked at."""

import stat
from collections.abc import Iterator
from io import FileIO
from pathlib import Path

from bedrock_batch.values import shortened

SUFFIX = ".jsonl"

_NAME_CHARACTERS = frozenset("-!_*'().0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")

# What a file starts with that is no text in UTF-8, with what to do about it. UTF-32 starts like UTF-16.
_SIGNATURES = {
    b"\x1f\x8b": "is compressed with gzip, and the service reads plain text only; decompress it with gunzip",
    b"PK\x03\x04": "is a zip archive, and the service reads plain text only; unpack it and name the file inside",
    b"\xff\xfe": "is UTF-16, not UTF-8; save it as UTF-8",
    b"\xfe\xff": "is UTF-16, not UTF-8; save it as UTF-8",
}


class SourceError(ValueError):
    """A file that cannot be read as text at all; the message says why and what to change."""


class NoFileError(SourceError):
    """What is no file, so that nothing can be said about what is in it."""


def name_problems(name: str) -> Iterator[str]:
    """Check a file's name, which becomes the end of the job's S3 URI.

    The suffix is a rule of the page "Format and upload your batch inference data", the characters are those of the API
    type `S3Uri`.

    Yields
    ------
    str
        Each thing to change.
    """
    if not name.endswith(SUFFIX):
        yield f"the name of an input file must end in '{SUFFIX}', got {shortened(name, 80)}; rename the file"
    if refused := refused_characters(name):
        yield f"the name may have only letters, digits and -!_*'(). in an S3 URI, got {refused}; rename the file"


def refused_characters(name: str) -> str:
    """List the characters of a name that the API type `S3Uri` does not take; nothing if it takes them all."""
    return ", ".join(shortened(char) for char in sorted(set(name) - _NAME_CHARACTERS))


def open_source(path: Path) -> FileIO:
    """Open an input file, without a buffer of its own.

    Raises
    ------
    NoFileError
        If it is a folder or a device.
    SourceError
        If it is empty.
    OSError
        If it is missing or may not be read.
    """
    _require_regular_file(path)
    return path.open("rb", buffering=0)


def refuse_signature(start: bytes) -> None:
    """Look at the first bytes of a file.

    Raises
    ------
    SourceError
        If it starts as gzip, zip or UTF-16 does.
    """
    for signature, message in _SIGNATURES.items():
        if start.startswith(signature):
            raise SourceError(message)


def _require_regular_file(path: Path) -> None:
    try:
        status = path.stat()
    except ValueError:
        raise NoFileError("no file can have this path; check it for characters that do not belong there") from None
    if stat.S_ISDIR(status.st_mode):
        raise NoFileError(f"is a folder, not a file; name a {SUFFIX} file in it")
    if not stat.S_ISREG(status.st_mode):
        raise NoFileError("is no regular file but a pipe, socket or device; write the records to a file first")
    if status.st_size == 0:
        raise SourceError("is empty; write one record on each line")
