"""Images that the cells of a table have, or say where they are."""

from __future__ import annotations

import base64
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from bedrock_batch.bodies.request import Image
from bedrock_batch.files.s3_uri import is_s3_uri
from bedrock_batch.files.unreadable import unreadable
from bedrock_batch.prompts.skeleton import Kind
from bedrock_batch.records.limits import RecordLimits
from bedrock_batch.tables.table import fault
from bedrock_batch.values import shortened

if TYPE_CHECKING:
    from typing import Any

    from bedrock_batch.bodies.request import ImageFormat
    from bedrock_batch.tables.errors import TableError
    from bedrock_batch.tables.table import Block, Table

_FORMATS: dict[str, ImageFormat] = {".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg", ".gif": "gif", ".webp": "webp"}
_SIGNATURES: dict[bytes, ImageFormat] = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg", b"GIF8": "gif"}
# A record has to have room for them, as base64, which is a third longer, and for what else it says.
_MOST_BYTES = RecordLimits().bytes_per_record * 3 // 4 - 10_000


class Picture(NamedTuple):
    """An image of a row.

    Attributes
    ----------
    kind : Kind
        What it is like.
    text : str
        Its bytes as base64, or its S3 URI.
    size : int
        Its bytes; 0 if they are in S3.
    """

    kind: Kind
    text: str
    size: int

    @property
    def image(self) -> Image:
        """The image as part of a request."""
        return Image(self.kind.format, uri=self.text) if self.kind.is_uri else Image(self.kind.format, data=self.text)


class ImageColumn:
    """A column of images: paths from the folder of the table, S3 URIs, or in Parquet and data frames their bytes.

    Parameters
    ----------
    table : Table
        The table.
    column : str
        The column. A cell may be an object with ``bytes`` or ``path``, too, as in datasets of Hugging Face.
    """

    def __init__(self, table: Table, column: str) -> None:
        self._table, self._column = table, column

    def of(self, block: Block) -> list[Any]:
        """Give what the cells have: bytes, or a text that says where these are; empty if there is no image."""
        # A text of JSON is a value of some kind of its own.
        texts = block.texts[self._column]
        cells = zip(block.values(self._column), texts, strict=True)
        return [_content(value) if isinstance(value, bytes | dict) else text for value, text in cells]

    def picture(self, row: int, cell: str | bytes) -> Picture:
        """Read the image of a row.

        Raises
        ------
        TableError
            If there is none, it is in a format that no model takes, or it is larger than a record.
        """
        if isinstance(cell, str) and is_s3_uri(cell):
            told = _FORMATS.get(PurePosixPath(cell).suffix.lower())
            if told is None:
                raise self._fault(
                    row, f"{_called(cell)} must end in {', '.join(_FORMATS)}, so that its format is known"
                )
            return Picture(Kind(told, is_uri=True), cell, 0)
        content = self._read(row, cell) if isinstance(cell, str) else cell
        found = _format_of(content)
        if found is None:
            raise self._fault(row, f"{_called(cell)} is no PNG, JPEG, GIF or WebP, as models take them; convert it")
        if len(content) > _MOST_BYTES:
            raise self._too_large(row, cell, len(content))
        return Picture(Kind(found, is_uri=False), base64.b64encode(content).decode(), len(content))

    def _read(self, row: int, name: str) -> bytes:
        if name.startswith(("data:", "file:")):
            raise self._fault(row, f"{_called(name[:40])} is no path; write the path of a file that has the image")
        if "://" in name:
            raise self._fault(row, f"{_called(name)} is an address, and no model fetches it; download the image")
        path = self._table.folder / name
        try:
            size = path.stat().st_size
            if size <= _MOST_BYTES:
                return path.read_bytes()
        except OSError as error:
            raise self._fault(row, f"{_called(str(path))}: {unreadable(error)}") from None
        except ValueError:
            raise self._fault(row, f"{_called(name)}: no file can have this path; correct it") from None
        raise self._too_large(row, name, size)

    def _too_large(self, row: int, cell: str | bytes, size: int) -> TableError:
        return self._fault(
            row, f"{_called(cell)} has {size:,} bytes, and a record has room for {_MOST_BYTES:,}; make it smaller"
        )

    def _fault(self, row: int, said: str) -> TableError:
        return fault(self._table, row, self._column, said)


def _called(cell: str | bytes) -> str:
    return f"the image {shortened(cell, 200)}" if isinstance(cell, str) else "the image"


def _content(value: bytes | dict[str, Any]) -> str | bytes:
    if isinstance(value, bytes):
        return value
    found = value.get("bytes") or value.get("path") or ""
    return found if isinstance(found, str | bytes) else ""


def _format_of(content: bytes) -> ImageFormat | None:
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    return next((each for start, each in _SIGNATURES.items() if content.startswith(start)), None)
