"""Who may look: a token lets one browser in, once, and a cookie is what it shows from then on."""

import hmac
import secrets
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Any

from bedrock_local.console.addresses import PATH

COOKIE = "bedrock-local-console"
# More addresses that nobody has opened, and more browsers, than one person has.
_MOST_TOKENS = _MOST_BROWSERS = 16
_BYTES = 32


class Entrance:
    """Tokens that nobody has spent, and the browsers that have come in.

    A browser sends a cookie to every port of a host. So each has a path of its own, which nobody can guess, and its
    cookie is for that path: neither another server of this machine nor a page out of a bucket gets to see it.
    """

    def __init__(self) -> None:
        self._tokens: dict[str, None] = {}
        self._browsers: dict[str, str] = {}

    def mint(self) -> str:
        """Make a token; the oldest of too many is good for nothing any more."""
        token = secrets.token_urlsafe(_BYTES)
        self._tokens[token] = None
        _forget_oldest(self._tokens, _MOST_TOKENS)
        return token

    def spend(self, token: str) -> tuple[str, str] | None:
        """Let a browser in.

        Parameters
        ----------
        token
            From the address that it opens.

        Returns
        -------
        tuple[str, str] or None
            Its path, and the ``Set-Cookie`` that goes with it. None if the token is spent, or was never one.
        """
        known = next((each for each in self._tokens if hmac.compare_digest(each.encode(), token.encode())), None)
        if known is None:
            return None
        del self._tokens[known]
        path, value = f"{PATH}{secrets.token_urlsafe(_BYTES)}/", secrets.token_urlsafe(_BYTES)
        self._browsers[path] = value
        _forget_oldest(self._browsers, _MOST_BROWSERS)
        return path, f"{COOKIE}={value}; HttpOnly; SameSite=Strict; Path={path}"

    def path_of(self, path: str, headers: Mapping[str, str]) -> str | None:
        """Find the browser that sends a request.

        Parameters
        ----------
        path
            Of the request.
        headers
            Of the request, by name in lower case.

        Returns
        -------
        str or None
            The path of the browser, below which `path` is; None if it is none that came in.
        """
        own = PATH + path.removeprefix(PATH).partition("/")[0] + "/"
        value = self._browsers.get(own)
        return own if value and hmac.compare_digest(value.encode(), _cookie(headers).encode()) else None


def _cookie(headers: Mapping[str, str]) -> str:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""


def _forget_oldest(kept: dict[str, Any], most: int) -> None:
    while len(kept) > most:
        del kept[next(iter(kept))]
