"""By which name the local AWS may be called, and from which pages.

A page in its owner's browser can send requests to loopback, and a name that an attacker owns can resolve to it. The
first carries where it comes from (https://fetch.spec.whatwg.org/#origin-header,
https://www.w3.org/TR/fetch-metadata/), the second a ``Host`` that is not loopback's.
"""

from bedrock_local.gate.refusal import RefusedError
from bedrock_local.gate.request import Request

_OWN_SITES = ("none", "same-origin")


def check_host(request: Request) -> None:
    """Return if a request calls loopback by a name of its own.

    Raises
    ------
    RefusedError
        If it calls somebody else.
    """
    if not request.is_for_loopback:
        host = request.headers.get("host", "")
        raise RefusedError(
            "InvalidHost", f"The local AWS answers as 127.0.0.1 and localhost, not as {host!r}; use one of those."
        )


def is_foreign(request: Request) -> bool:
    """Say whether a page that the local AWS has not served sends the request."""
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site", "none")
    # Browsers send at least one of them with what a page asks for, SDKs neither.
    return site not in _OWN_SITES or origin not in (None, f"http://{request.headers['host']}")


def refuse_origin(request: Request) -> RefusedError:
    """Make the refusal of a foreign page's request."""
    origin = request.headers.get("origin", "another site")
    return RefusedError(
        "InvalidOrigin", f"The local AWS does not answer a page of {origin}; only a bucket's CORS rules let it in."
    )
