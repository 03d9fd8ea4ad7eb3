"""The emulator's own paths: what is open below its internal prefixes, and to whom.

No bucket's name and no operation's path begins like these, so all that is not listed is closed.
"""

from dataclasses import dataclass

from bedrock_local.console.addresses import MOST_BYTES, PATH
from bedrock_local.gate.request import Request

_PREFIX = "/_"
#: Internal paths that stand outside of the prefix.
_MORE = frozenset({"/health"})


@dataclass(frozen=True)
class OpenPath:
    """Internal paths that are answered without a signature.

    Parameters
    ----------
    method
        The only one.
    prefix
        What they begin with.
    most_bytes
        Of a body.
    reason
        Who asks, and what stands in for the signature.
    """

    method: str
    prefix: str
    most_bytes: int
    reason: str


#: All that is open. The bodies are CloudFormation's responses, whose limit is
#: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
OPEN = (
    OpenPath("PUT", "/_ministack/cfn-response/", 4096, "a custom resource answers; the token after it is random"),
    OpenPath("PUT", "/_ministack/cfn-signal/", 4096, "a wait condition is signalled; the token after it is random"),
    OpenPath("GET", PATH, 0, "a browser; the console takes a token, once, and then a cookie"),
    OpenPath("POST", PATH, MOST_BYTES, "a button of its page, which sends the cookie, and a header of its own"),
)


def is_internal(path: str) -> bool:
    """Say whether a path is one of the emulator's own, and no bucket's or operation's."""
    return path.startswith(_PREFIX) or path in _MORE


def open_path(request: Request) -> OpenPath | None:
    """Find what lets a request for an internal path in; None if nothing does."""
    if request.virtual_bucket:
        # Pages of other origins may ask for what is in a bucket.
        return None
    return next((each for each in OPEN if request.method == each.method and request.path.startswith(each.prefix)), None)
