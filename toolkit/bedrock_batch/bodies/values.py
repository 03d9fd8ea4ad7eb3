"""How an answer is made, by the names and in the ranges of a family."""

import re
from functools import lru_cache
from hashlib import blake2b
from typing import Any, NamedTuple

from bedrock_batch.bodies.request import Settings

# https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolUseBlock.html
_CALL_ID, _NOT_IN_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}"), re.compile(r"[^a-zA-Z0-9_-]")


class Names(NamedTuple):
    """What a family calls the settings.

    Attributes
    ----------
    max_tokens, temperature, top_p : str
        Their names.
    stop : str
        Its name. Default: empty, it has none.
    hottest : float
        The highest temperature. Default: 1.
    takes_space : bool
        Whether a stop sequence may be space alone, such as the end of a line. Default: it may.
    """

    max_tokens: str
    temperature: str
    top_p: str
    stop: str = ""
    hottest: float = 1
    takes_space: bool = True


def settings_by(names: Names, settings: Settings, lost: set[str]) -> dict[str, Any]:
    """Write the settings that are there.

    A temperature above the family's range is brought into it, and not scaled: 1 is the usual one everywhere.
    """
    values, told = _settings(names, settings)
    if told:
        lost.update(told)
    return dict(values)


# Most files have the same in every request.
@lru_cache(maxsize=100)
def _settings(names: Names, settings: Settings) -> tuple[dict[str, Any], set[str]]:
    values: dict[str, Any] = {}
    lost: set[str] = set()
    if settings.max_tokens is not None:
        values[names.max_tokens] = settings.max_tokens
    if (temperature := settings.temperature) is not None:
        if temperature > names.hottest:
            lost.add(f"temperature above {names.hottest:g}")
            temperature = names.hottest
        values[names.temperature] = temperature
    if settings.top_p is not None:
        values[names.top_p] = settings.top_p
    if settings.stop and names.stop:
        stops = [stop for stop in settings.stop if stop.strip() or (stop and names.takes_space)]
        if len(stops) < len(settings.stop):
            lost.add("stop of nothing but space")
        if stops:
            values[names.stop] = stops
    elif settings.stop:
        lost.add("stop")
    return values, lost


def call_id(found: str) -> str:
    """Write the id of a call as Claude and Converse take it; others, such as "functions.get:0", stay told apart."""
    if _CALL_ID.fullmatch(found):
        return found
    digest = blake2b(found.encode("utf-8", "replace"), digest_size=8).hexdigest()
    return f"{_NOT_IN_ID.sub('_', found)[:40]}_{digest}"
