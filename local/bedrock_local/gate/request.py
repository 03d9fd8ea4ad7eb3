"""A request as it came in, before its body."""

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
    query
        Decoded; each name with its values.
    headers
        By name in lower case. What stands on several lines is joined by commas, as SigV4 joins it.
    """

    method: str
    path: str
    raw_path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]

    @classmethod
    def of(cls, scope: MutableMapping[str, Any]) -> "Request":
        """Read the request of an ASGI scope.

        Raises
        ------
        RefusedError
            If a header that decides stands there twice, or the query string is no text.
        """
        headers: dict[str, str] = {}
        for line, value in scope["headers"]:
            name, text = line.decode("latin-1").lower(), _text(value)
            if name in headers and name in _ONCE:
                raise RefusedError("InvalidRequest", f"The header {name} stands there twice; send it once.", 400)
            headers[name] = f"{headers[name]},{text}" if name in headers else text
        try:
            query = parse_qs(scope["query_string"].decode(), keep_blank_values=True)
        except (UnicodeDecodeError, ValueError):
            raise RefusedError("InvalidRequest", "The query string is not UTF-8; encode it.", 400) from None
        raw_path = (scope.get("raw_path") or quote(scope["path"]).encode()).decode("latin-1")
        return cls(scope["method"], scope["path"], raw_path, query, headers)

    @property
    def is_for_loopback(self) -> bool:
        """Whether it calls loopback by a name of its own."""
        return hosts.is_loopback(self.headers.get("host", ""))

    @cached_property
    def service(self) -> str:
        """The service that is asked, by the emulator's name."""
        return str(detect_service(self.method, self.path, dict(self.headers), dict(self.query)))

    @property
    def virtual_bucket(self) -> str | None:
        """The bucket that the host names."""
        return hosts.virtual_bucket(self.headers["host"])

    @property
    def s3_path(self) -> str | None:
        """``/BUCKET/KEY`` of a request for S3, wherever it names them; None of another."""
        if self.service != "s3" or not self.path.startswith("/"):
            return None
        bucket = self.virtual_bucket
        return f"/{bucket}{self.path}" if bucket else self.path

    def parameter(self, name: str) -> str:
        """Return the first value of a query parameter, empty without one; AWS takes either case of ``X-Amz-``."""
        return (self.query.get(name) or self.query.get(name.lower()) or [""])[0]


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")
