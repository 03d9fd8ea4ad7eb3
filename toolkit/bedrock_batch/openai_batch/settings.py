"""The members of a request to OpenAI that say how the answer is made, and those that have no place elsewhere.

https://platform.openai.com/docs/api-reference/chat/create
"""

from typing import Any

from bedrock_batch.bodies.request import Settings
from bedrock_batch.openai_batch.faults import unlike

_HOTTEST = _MOST_PENALTY = 2
#: What is in a `Request` itself. Which model OpenAI was to ask is counted, and not carried.
_PLACED = frozenset(
    {
        *("messages", "model", "max_tokens", "max_completion_tokens", "temperature", "top_p", "stop"),
        *("tools", "tool_choice"),
    }
)
_KINDS: dict[str, tuple[type, str]] = {
    "logprobs": (bool, "true or false"),
    "parallel_tool_calls": (bool, "true or false"),
    "reasoning_effort": (str, "a text"),
    "seed": (int, "a whole number"),
    "top_logprobs": (int, "a whole number"),
    "verbosity": (str, "a text"),
}
# To leave these out says the same.
_USUAL: dict[str, tuple[Any, ...]] = {
    "frequency_penalty": (0,),
    "logit_bias": ({},),
    "logprobs": (False,),
    "metadata": ({},),
    "modalities": (["text"],),
    "n": (1,),
    "parallel_tool_calls": (True,),
    "presence_penalty": (0,),
    "response_format": ({"type": "text"},),
    "service_tier": ("auto", "default"),
    "store": (False,),
    "stream": (False,),
    "top_logprobs": (0,),
    "verbosity": ("medium",),
}


def settings_of(body: dict[str, Any], lost: set[str]) -> Settings:
    """Read how the answer is made.

    Raises
    ------
    FaultyLineError
        If a value is not one that OpenAI takes.
    """
    temperature, top_p, stop = body.get("temperature"), body.get("top_p"), body.get("stop")
    if temperature is not None:
        _require_between("temperature", temperature, _HOTTEST)
    if top_p is not None:
        _require_between("top_p", top_p, 1)
    return Settings(_max_tokens(body, lost), temperature, top_p, () if stop is None else _stops(stop))


def others_of(body: dict[str, Any]) -> dict[str, Any]:
    """Take the members that have no place in a `Request`, but for those that say what is usual anyway.

    Raises
    ------
    FaultyLineError
        If one that some family takes is not what OpenAI takes.
    """
    for name in ("frequency_penalty", "presence_penalty"):
        if (penalty := body.get(name)) is not None:
            _require_between(name, penalty, _MOST_PENALTY, least=-_MOST_PENALTY)
    for name, (kind, rule) in _KINDS.items():
        if (value := body.get(name)) is not None and type(value) is not kind:
            raise unlike(name, rule, value)
    _require_format(body.get("response_format"))
    return {
        name: value
        for name, value in body.items()
        if name not in _PLACED and value is not None and value not in _USUAL.get(name, ())
    }


def _max_tokens(body: dict[str, Any], lost: set[str]) -> int | None:
    """Read the longest answer: OpenAI has two names for it, and refuses both together."""
    old, new = body.get("max_tokens"), body.get("max_completion_tokens")
    for name, value in (("max_tokens", old), ("max_completion_tokens", new)):
        if value is not None and (type(value) is not int or value < 1):
            raise unlike(name, "a whole number of at least 1", value)
    if old is not None and new is not None and old != new:
        lost.add("max_tokens beside max_completion_tokens")
    found: int | None = old if new is None else new
    return found


def _require_between(name: str, value: object, most: int, *, least: int = 0) -> None:
    if type(value) not in (int, float) or not least <= value <= most:  # type: ignore[operator]  # a number
        raise unlike(name, f"a number from {least} to {most}", value)


def _require_format(found: object) -> None:
    """Require that the form of an answer has a type, and a schema if it is to have one."""
    if found is None:
        return
    if not isinstance(found, dict) or found.get("type") not in ("text", "json_object", "json_schema"):
        raise unlike("response_format", 'an object whose "type" is text, json_object or json_schema', found)
    if found["type"] == "json_schema":
        wanted = found.get("json_schema")
        if not isinstance(wanted, dict) or not isinstance(wanted.get("schema") or {}, dict):
            raise unlike("json_schema", 'an object with a "schema"', wanted).below("response_format")


def _stops(found: object) -> tuple[str, ...]:
    stops = [found] if isinstance(found, str) else found
    if not isinstance(stops, list) or not all(isinstance(stop, str) for stop in stops):
        raise unlike("stop", "a text or a list of texts", found)
    return tuple(stops)
