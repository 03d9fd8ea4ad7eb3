"""What a price list's file says, however it was saved."""

from __future__ import annotations

import codecs
import gzip
import zlib
from stat import S_ISDIR, S_ISREG
from typing import TYPE_CHECKING

from bedrock_batch.prices.prices import PriceListError

if TYPE_CHECKING:
    from pathlib import Path

# That of all Regions has 16 MB.
_MOST_BYTES = 256 * 1024 * 1024
_GZIP = b"\x1f\x8b"
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def content_of(file: Path) -> bytes:
    """Return the text in a file, in UTF-8.

    ``>`` of Windows PowerShell 5.1 writes UTF-16 (about_Character_Encoding:
    https://learn.microsoft.com/en-us/powershell/module/microsoft.powershell.core/about/about_character_encoding), and
    editors there a byte order mark; ``curl`` leaves what was sent with gzip as it came.

    Raises
    ------
    PriceListError
        If it cannot be read, or is larger than any price list.
    """
    content = _read(file)
    if content.startswith(_GZIP):
        content = _inflated(file)
    if content.startswith(_UTF_16):
        try:
            return content.decode("utf-16").encode()
        except UnicodeError:
            raise PriceListError(f"{file}: begins as UTF-16 and is none; save it as UTF-8") from None
    return content.removeprefix(codecs.BOM_UTF8)


def _read(file: Path) -> bytes:
    try:
        there = file.stat()
        if there.st_size > _MOST_BYTES:
            raise _too_large(file)
        if not (S_ISREG(there.st_mode) or S_ISDIR(there.st_mode)):
            raise PriceListError(f"{file}: is a pipe or a device, and is read more than once; write it to a file")
        return file.read_bytes()
    except OSError as error:
        raise PriceListError(f"{file}: cannot be read ({error.strerror}); name a price list") from None


def _inflated(file: Path) -> bytes:
    try:
        with gzip.open(file) as content:
            found = content.read(_MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise PriceListError(f"{file}: is damaged ({error}); download it again") from None
    if len(found) > _MOST_BYTES:
        raise _too_large(file)
    return found


def _too_large(file: Path) -> PriceListError:
    return PriceListError(f"{file}: has more than {_MOST_BYTES:,} bytes, which no price list of Bedrock has; name one")
