"""Files as they are read: what gzip has compressed, decompressed."""

from __future__ import annotations

import zlib
from gzip import GzipFile
from io import BufferedReader, RawIOBase
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from pathlib import Path

_BUFFER = 128 * 1024


class _Decompressed(RawIOBase):
    """The content of a gzip file, whose faults are those of a file."""

    def __init__(self, path: Path) -> None:
        self._file = GzipFile(path, "rb")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, place: int, whence: int = 0) -> int:
        return self._file.seek(place, whence)

    def tell(self) -> int:
        return self._file.tell()

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - as RawIOBase has it
        try:
            data = self._file.read1(len(buffer))
        except (EOFError, zlib.error, OSError) as error:
            raise OSError(f"gzip cannot decompress it: {error}") from None
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()


def open_bytes(path: Path) -> BinaryIO:
    """Open a file for reading, through gzip where its name ends in ``.gz``.

    Raises
    ------
    OSError
        If it cannot be read; from its methods, too.
    """
    if path.suffix.lower() == ".gz":
        return BufferedReader(_Decompressed(path), _BUFFER)
    return path.open("rb", buffering=_BUFFER)


def uncompressed_name(path: Path) -> Path:
    """Leave out the end of a name that tells of gzip."""
    return path.with_suffix("") if path.suffix.lower() == ".gz" else path
