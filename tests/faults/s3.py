"""S3: the one of the local AWS, in this process, so that a test can look into its buckets."""

import asyncio
import io
import re
import threading
import zipfile
from collections.abc import Mapping
from urllib.parse import quote, unquote
from xml.sax.saxutils import escape

from ministack.services import s3

from .front import Call, Request, Response

#: What a request means, by its method and what marks it: a query parameter or a header.
_OPERATIONS = (
    ("PUT", "x-amz-copy-source-range", "UploadPartCopy"),
    ("PUT", "x-amz-copy-source", "CopyObject"),
    ("PUT", "partNumber", "UploadPart"),
    ("PUT", "", "PutObject"),
    ("POST", "uploads", "CreateMultipartUpload"),
    ("POST", "uploadId", "CompleteMultipartUpload"),
    ("DELETE", "uploadId", "AbortMultipartUpload"),
    ("GET", "versions", "ListObjectVersions"),
    ("POST", "delete", "DeleteObjects"),
    ("GET", "", "GetObject"),
)


class S3:
    """Buckets that begin empty. `buckets` are all that there are."""

    buckets = ("assets", "input", "output")

    def __init__(self) -> None:
        self._lock = threading.Lock()
        s3.reset()
        for bucket in self.buckets:
            self._ask("PUT", f"/{bucket}")

    def call(self, request: Request) -> Call:
        marks = {*request.query, *map(str.lower, request.headers), ""}
        if request.method == "DELETE" and "/" not in request.path.strip("/"):
            return Call("DeleteBucket", {"Target": unquote(request.path.strip("/"))})
        names = (name for method, mark, name in _OPERATIONS if method == request.method and mark in marks)
        return Call(next(names, f"s3: {request.method}"), {"Target": unquote(request.path[1:])})

    def answer(self, request: Request, call: Call) -> Response:  # noqa: ARG002 (see `Service`)
        headers = {name.lower(): value for name, value in request.headers.items()}
        return self._ask(request.method, request.path, headers, request.body, request.query)

    def error(self, code: str, text: str, status: int) -> Response:
        body = f"<Error><Code>{code}</Code><Message>{escape(text)}</Message></Error>"
        return status, {"Content-Type": "text/xml"}, body.encode()

    @property
    def left(self) -> dict[str, list[str]]:
        """The keys in each bucket that is there."""
        listed = {bucket: self._ask("GET", f"/{bucket}") for bucket in self.buckets}
        return {
            bucket: re.findall("<Key>(.*?)</Key>", content.decode())
            for bucket, (status, _, content) in listed.items()
            if status == 200
        }

    def put(self, key: str, content: bytes) -> None:
        """Put an object; the key begins with the bucket."""
        self._ask("PUT", f"/{quote(key)}", body=content)

    def get(self, key: str) -> bytes:
        """Return an object; the key begins with the bucket."""
        status, _, content = self._ask("GET", f"/{quote(key)}")
        assert status == 200, f"there is no {key}"
        return content

    def _ask(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        query: Mapping[str, list[str]] | None = None,
    ) -> Response:
        with self._lock:
            status, answered, content = asyncio.run(
                s3.handle_request(method, path, dict(headers or {}), body, dict(query or {}))
            )
        return status, answered, content


def zipped(entries: Mapping[str, bytes]) -> bytes:
    """Return a zip with entries by name; one that ends with a slash is a folder."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return file.getvalue()
