"""The files of the page, and the headers that go with whatever the console answers."""

from collections.abc import Mapping
from hashlib import blake2b
from html import escape
from http import HTTPStatus
from importlib import resources

import msgspec

from bedrock_local.bedrock.api.responses import Response

_FILES = resources.files(__package__) / "page"
_TYPES = {"html": "text/html; charset=utf-8", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def policy(own: str) -> str:
    """Return the Content-Security-Policy of a page.

    Parameters
    ----------
    own
        The address below which all is that it may load and ask for. Not ``'self'``: objects of buckets have the same
        origin.
    """
    allowed = "".join(f"{kind}-src {own}; " for kind in ("script", "style", "img", "connect") if own)
    return f"default-src 'none'; {allowed}base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def file(name: str, own: str) -> Response | None:
    """Answer with a file of the page.

    Parameters
    ----------
    name
        The file.
    own
        See `policy`.

    Returns
    -------
    Response or None
        None if there is no such file.
    """
    kind = _TYPES.get(name.rpartition(".")[2])
    if kind is None or "/" in name or not (_FILES / name).is_file():
        return None
    return _answer(HTTPStatus.OK, kind, (_FILES / name).read_bytes(), {"Content-Security-Policy": policy(own)})


def said(status: HTTPStatus, title: str, sentence: str) -> Response:
    """Answer with a page of one sentence.

    Parameters
    ----------
    status
        Of HTTP.
    title, sentence
        What it says.
    """
    page = (_FILES / "said.html").read_text(encoding="utf-8")
    content = page.replace("{title}", escape(title)).replace("{sentence}", escape(sentence)).encode()
    return _answer(status, _TYPES["html"], content, {"Content-Security-Policy": policy("")})


def moved(place: str, cookie: str) -> Response:
    """Answer that the page is elsewhere, for who has this cookie."""
    headers = {"Location": place, "Set-Cookie": cookie}
    return _answer(HTTPStatus.SEE_OTHER, _TYPES["html"], b"", headers)


def data(value: object, known: str = "", status: HTTPStatus = HTTPStatus.OK) -> Response:
    """Answer with JSON, or that it is as it was.

    Parameters
    ----------
    value
        What is told.
    known
        The ``ETag`` of the answer that who asks has already. Default: none.
    status
        Of HTTP, unless nothing has changed. Default: 200.
    """
    content = msgspec.json.encode(value)
    tag = f'"{blake2b(content, digest_size=12).hexdigest()}"'
    if tag == known:
        return _answer(HTTPStatus.NOT_MODIFIED, "application/json", b"", {"ETag": tag})
    return _answer(status, "application/json", content, {"ETag": tag})


def _answer(status: HTTPStatus, kind: str, content: bytes, headers: Mapping[str, str]) -> Response:
    return int(status), {**_HEADERS, "Content-Type": kind, **headers}, content
