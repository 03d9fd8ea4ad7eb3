"""S3 keeps large objects on disk: the records of a job may be more than memory holds.

ministack keeps each object in memory, or reads the whole of it from disk for each request. What comes in parts is
large. Seen in ministack 1.5.33.
"""

import inspect
import mmap
import tempfile
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from ministack.core.responses import StreamingResponse
from ministack.services import s3

from bedrock_local.emulator.needs import missing

NEEDS = (
    "services.s3._upload_part",
    "services.s3._multipart_uploads",
    "services.s3._qp",
    "services.s3._complete_multipart_upload",
    "services.s3._get_object",
)

Response = tuple[int, dict[str, str], Any]

_CHUNK_BYTES = 1024 * 1024
# What would hold all parts in memory, and what does the same without.
_ON_DISK = (
    ('b"".join(combined_parts)', "_on_disk(combined_parts)"),
    ('hashlib.md5(stored["body"]).digest()', 'bytes.fromhex(stored["etag"].strip(chr(34)))'),
)


class _OnDisk(mmap.mmap):
    """The content of a file without a name."""

    def __getitem__(self, part: Any) -> Any:  # noqa: ANN401 -- as of bytes
        content = super().__getitem__(part)
        if isinstance(part, slice):
            self.forget(*part.indices(len(self))[:2])
        return content

    def forget(self, start: int, end: int) -> None:
        """Let what was read go; it would stay in this process's memory otherwise."""
        start -= start % mmap.PAGESIZE
        if end > start:
            self.madvise(mmap.MADV_DONTNEED, start, end - start)

    def __deepcopy__(self, _memo: object) -> "_OnDisk":
        # It is never written to, so its copies are it.
        return self


def keep_on_disk() -> None:
    """Keep the parts of an upload, and the object that they make, in files without a name."""
    _keep_parts()
    _join_on_disk()
    _send_in_chunks()


def _keep_parts() -> None:
    upload_part = s3._upload_part  # noqa: SLF001 -- no public way in

    def upload_and_keep(bucket: str, key: str, body: bytes, query: dict[str, Any], headers: dict[str, str]) -> Response:
        answer: Response = upload_part(bucket, key, body, query, headers)
        upload = s3._multipart_uploads.get(s3._qp(query, "uploadId"), {})  # noqa: SLF001 -- the same
        for part in upload.get("parts", {}).values():
            if part["body"] is body:
                part["body"] = _on_disk([body])
        return answer

    s3._upload_part = upload_and_keep  # noqa: SLF001 -- the same


def _join_on_disk() -> None:
    """Replace the two expressions of a long function that hold the whole object in memory."""
    source = inspect.getsource(s3._complete_multipart_upload)  # noqa: SLF001 -- no public way in
    for theirs, ours in _ON_DISK:
        if source.count(theirs) != 1:
            raise missing(f"{theirs} in services.s3._complete_multipart_upload", __name__)
        source = source.replace(theirs, ours)
    vars(s3)["_on_disk"] = _on_disk
    exec(compile(source, str(s3.__file__), "exec"), s3.__dict__)  # noqa: S102 -- the pinned ministack's own source


def _send_in_chunks() -> None:
    get_object = s3._get_object  # noqa: SLF001 -- no public way in

    def get_in_chunks(bucket: str, key: str, headers: dict[str, str], query: dict[str, Any] | None = None) -> Response:
        status, answered, body = get_object(bucket, key, headers, query)
        if isinstance(body, _OnDisk):
            answered["Content-Length"] = str(len(body))
            body = StreamingResponse(_sender(body))
        return status, answered, body

    s3._get_object = get_in_chunks  # noqa: SLF001 -- the same


def _sender(body: _OnDisk) -> Callable[[Callable[[dict[str, Any]], Awaitable[None]], Any], Awaitable[None]]:
    async def send_all(send: Callable[[dict[str, Any]], Awaitable[None]], _receive: object) -> None:
        for start in range(0, len(body), _CHUNK_BYTES):
            chunk = body[start : start + _CHUNK_BYTES]
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    return send_all


def _on_disk(parts: Iterable[bytes | _OnDisk]) -> bytes | _OnDisk:
    """Put parts one after the other into a file that goes when its content is no longer used."""
    with tempfile.TemporaryFile() as file:
        for part in parts:
            file.write(part)
            if isinstance(part, _OnDisk):
                part.forget(0, len(part))
        file.flush()
        # Nothing cannot be mapped.
        return _OnDisk(file.fileno(), 0, access=mmap.ACCESS_READ) if file.tell() else b""
