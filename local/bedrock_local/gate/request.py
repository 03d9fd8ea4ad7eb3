"""A request as it came in, before its body."""

import re
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import parse_qs, quote

from ministack.core.router import detect_service

from bedrock_local.gate import hosts
from bedrock_local.gate.refusal import RefusedError

#: Each of these decides who may ask, so it stands there once, or not at all.
_ONCE = ("host", "origin", "sec-fetch-site", "authorization", "x-amz-content-sha256", "content-length", "x-amz-target")

#: Calls about access points and the like, which are signed for S3 as well, and are another service's.
_S3_CONTROL = "/v20180820/"
_CREDENTIAL = re.compile(r"Credential=([^,\s]*)")
_PARTS_OF_SCOPE = 5
#: What else of an object can be written, all of it small.
_BESIDE_CONTENT = ("acl", "tagging", "retention", "legal-hold", "annotation", "encryption")
#: A number of seconds in an address, of a length that no date exceeds.
SECONDS = re.compile(r"[0-9]{1,12}")


# Not frozen: what follows from it is worked out once.
@dataclass
class Request:
    """A request without its body.

    Parameters
    ----------
    method
        Of HTTP.
    path
        Decoded.
    raw_path
        As it was sent.
    query_string
        As it was sent.
    query
        Decoded; each name with its values.
    headers
        By name in lower case. What stands on several lines is joined by commas, as SigV4 joins it.
    """

    method: str
    path: str
    raw_path: str
    query_string: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]

    @classmethod
    def of(cls, scope: MutableMapping[str, Any]) -> "Request":
        """Read the request of an ASGI scope.

        Raises
        ------
        RefusedError
            If a header that decides stands there twice, or the query string or the path is none.
        """
        if not scope["path"].startswith("/"):
            raise RefusedError("InvalidRequest", f"Ask for a path that begins with /, not for {scope['path']!r}.", 400)
        headers: dict[str, str] = {}
        for line, value in scope["headers"]:
            name, text = line.decode("latin-1").lower(), _text(value)
            if name in headers and name in _ONCE:
                raise RefusedError("InvalidRequest", f"The header {name} stands there twice; send it once.", 400)
            headers[name] = f"{headers[name]},{text}" if name in headers else text
        try:
            query_string = scope["query_string"].decode()
            query = parse_qs(query_string, keep_blank_values=True)
        except (UnicodeDecodeError, ValueError):
            raise RefusedError("InvalidRequest", "The query string is not UTF-8; encode it.", 400) from None
        raw_path = (scope.get("raw_path") or quote(scope["path"]).encode()).decode("latin-1")
        return cls(scope["method"], scope["path"], raw_path, query_string, query, headers)

    @property
    def is_for_loopback(self) -> bool:
        """Whether it calls loopback by a name of its own."""
        return hosts.is_loopback(self.headers.get("host", ""))

    @cached_property
    def service(self) -> str:
        """The service that is asked, by the emulator's name."""
        return (
            "s3" if self.only_s3 else str(detect_service(self.method, self.path, dict(self.headers), dict(self.query)))
        )

    @cached_property
    def only_s3(self) -> bool:
        """Whether S3 alone may answer: to what is signed for it, and to what nobody has signed."""
        return self.scope in (None, "s3") and not self.path.startswith(_S3_CONTROL)

    @property
    def is_in_chunks(self) -> bool:
        """Whether the emulator takes the body for one in ``aws-chunked``."""
        payload, encoding = self.headers.get("x-amz-content-sha256", ""), self.headers.get("content-encoding", "")
        in_chunks = payload.startswith("STREAMING-") or "aws-chunked" in encoding.lower()
        return in_chunks or "x-amz-decoded-content-length" in self.headers

    @property
    def is_inflated(self) -> bool:
        """Whether the emulator inflates the body."""
        return "gzip" in self.headers.get("content-encoding", "").lower() and not self.only_s3

    @cached_property
    def scope(self) -> str | None:
        """The service in the credential's scope; None of an unsigned request. It is not believed yet."""
        if self.parameter("AWSAccessKeyId"):
            return "s3"
        in_header = _CREDENTIAL.search(self.headers.get("authorization", ""))
        parts = (in_header[1] if in_header else self.parameter("X-Amz-Credential")).split("/")
        signed = "authorization" in self.headers or len(parts) > 1
        return parts[3] if len(parts) == _PARTS_OF_SCOPE else ("" if signed else None)

    @property
    def virtual_bucket(self) -> str | None:
        """The bucket that the host names."""
        return hosts.virtual_bucket(self.headers["host"])

    @property
    def s3_path(self) -> str | None:
        """``/BUCKET/KEY`` of a request that only S3 may answer, wherever it names them; None of another."""
        if not self.only_s3:
            return None
        bucket = self.virtual_bucket
        return f"/{bucket}{self.path}" if bucket else self.path

    @property
    def is_for_object(self) -> bool:
        """Whether it is about the content of an object of S3's, or a part of it."""
        key = (self.s3_path or "").lstrip("/").partition("/")[2]
        return bool(key) and set(self.query).isdisjoint(_BESIDE_CONTENT)

    def parameter(self, name: str) -> str:
        """Return the first value of a query parameter, empty without one; AWS takes either case of ``X-Amz-``."""
        return (self.query.get(name) or self.query.get(name.lower()) or [""])[0]


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")
