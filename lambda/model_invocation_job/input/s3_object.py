"""An object in S3 as a file: read where it is needed, never as a whole."""

import io
from typing import Any

from botocore.exceptions import ClientError

#: Bytes of one GET, and of what is held in memory at a time.
BLOCK = 4 * 1024 * 1024


class S3Object(io.RawIOBase):
    """Reads an object by ranged GETs. Give it a buffer of `BLOCK` bytes: each read is a request."""

    def __init__(self, client: Any, bucket: str, key: str) -> None:  # noqa: ANN401 (boto3's clients have no class)
        self._get, self._address = client.get_object, {"Bucket": bucket, "Key": key}
        self._size = self._measured()
        self._position = 0

    def readable(self) -> bool:
        """Whether it can be read: always."""
        return True

    def seekable(self) -> bool:
        """Whether it can be read from any position: always."""
        return True

    def tell(self) -> int:
        """Return the position of the next byte."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a position, counted from the beginning, the present one or the end."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        if start + offset < 0:
            raise OSError("there is nothing before the beginning of an object")
        self._position = start + offset
        return self._position

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 (whatever holds bytes)
        """Fill a buffer; return how many bytes there were, 0 at the end."""
        length = min(len(buffer), self._size - self._position)
        if length <= 0:
            return 0
        last = self._position + length - 1
        content = self._get(**self._address, Range=f"bytes={self._position}-{last}")["Body"].read()
        buffer[: len(content)] = content
        self._position += len(content)
        return len(content)

    def _measured(self) -> int:
        # Not by HEAD: its refusals have no body, and so do not say which permission is missing.
        try:
            content_range: str = self._get(**self._address, Range="bytes=0-0")["ContentRange"]
        except ClientError as error:
            # What S3 answers where there is no first byte.
            if error.response["Error"]["Code"] == "InvalidRange":
                return 0
            raise
        return int(content_range.rpartition("/")[2])
