"""The lines of a file of OpenAI's Batch API: an id, where the request goes, and its body."""

import re
from collections.abc import Mapping
from typing import Any

from msgspec import MsgspecError, Struct
from msgspec.json import Decoder

from bedrock_batch.openai_batch.faults import FaultyLineError, unlike
from bedrock_batch.records.lines import parse_object
from bedrock_batch.records.surrogates import without_surrogates
from bedrock_batch.values import shortened

#: Halves of surrogate pairs, which JSON can escape and UTF-8 cannot hold.
HALVES = "a text with half a surrogate pair"


class Line(Struct, gc=False, forbid_unknown_fields=True):
    """A line; what else one may have is looked for when there is something else."""

    custom_id: str
    method: str
    url: str
    body: dict[str, Any]


_decode = Decoder(Line).decode
_MEMBERS = Line.__struct_fields__
#: The endpoints of OpenAI's whose requests a model of Bedrock's can be asked in their place.
CHAT, EMBEDDINGS = "chat/completions", "embeddings"
# Azure's have no version, and some write the whole address, or where it is called outside of a batch.
_URL = re.compile(r"(?:https?://[^/]+)?(?:/openai)?(?:/v1|/deployments/[^/]+)?/(?P<name>[a-z/]*[a-z])/?(?:\?.*)?")


def read_line(text: bytes, lost: set[str]) -> Line:
    """Read one line.

    Raises
    ------
    LineError
        If it is no JSON object.
    FaultyLineError
        If it is no line of OpenAI's.
    """
    try:
        return _decode(text)
    except (MsgspecError, UnicodeDecodeError, RecursionError):
        return _look_closely(text, lost)


def _look_closely(text: bytes, lost: set[str]) -> Line:
    found = parse_object(text)
    whole = without_surrogates(found)
    if whole != found:
        lost.add(HALVES)
    if missing := [name for name in _MEMBERS if name not in whole]:
        raise FaultyLineError(_without(missing, whole))
    for name in ("custom_id", "method", "url"):
        if not isinstance(whole[name], str):
            raise unlike(name, "a text", whole[name])
    body = whole["body"]
    if not isinstance(body, dict):
        raise unlike("body", "an object", body)
    lost.update(f"{name} beside the body" for name in whole if name not in _MEMBERS)
    return Line(str(whole["custom_id"]), str(whole["method"]), str(whole["url"]), body)


def endpoint_of(method: str, url: str) -> str:
    """Say what a line's request goes to: `CHAT` or `EMBEDDINGS`.

    Raises
    ------
    FaultyLineError
        If it is nothing that a model of Bedrock's could be asked in its place.
    """
    if method.upper() != "POST":
        raise unlike("method", '"POST"', method)
    named = _URL.fullmatch(url)
    if named is None or named["name"] not in (CHAT, EMBEDDINGS):
        known = f"/v1/{CHAT} and /v1/{EMBEDDINGS}"
        raise FaultyLineError(
            f"requests to {shortened(url)} are not converted, only those to {known}; rewrite it", "url"
        )
    return str(named["name"])


def _without(missing: list[str], found: Mapping[str, object]) -> str:
    if "modelInput" in found:
        return "is a record already; leave it out here, and put it into the file that is written"
    if "params" in found:
        return "is a line of Anthropic's Message Batches API, and only those of OpenAI's are converted; leave it out"
    lacking = ", ".join(f"'{name}'" for name in missing)
    it = "it" if len(missing) == 1 else "them"
    return f"has no {lacking}, which a line of OpenAI's Batch API has; add {it}"
