"""Reading the conversation and the settings of request bodies."""

from collections.abc import Mapping
from typing import Any

from bedrock_local.bedrock.models.families.schema import malformed, required
from bedrock_local.bedrock.models.invocation import Message, Prompt, RefusedError

_FORBIDDEN = 403
# Decoded JSON is of no subclass.
_OBJECTS, _TEXTS = frozenset((dict,)), frozenset((str,))
_TURN = frozenset(("role", "content"))
# How Converse and Nova, and Anthropic, mark what is to be cached. Batch inference caches nothing.
_CACHE_MARKS = frozenset(("cachePoint", "cache_control"))
_NO_CACHE = "You invoked an unsupported model or your request did not allow prompt caching."


def text_of(content: Any) -> str:  # noqa: ANN401 -- decoded JSON
    """Return the text of a message.

    Parameters
    ----------
    content
        A string, or a list of blocks of which some have ``text``. The models here see no images.

    Returns
    -------
    str
        All texts, a line each.

    Raises
    ------
    RefusedError
        If it is neither, or asks for prompt caching.
    """
    if isinstance(content, str):
        return content
    if not isinstance(content, list) or not _OBJECTS.issuperset(map(type, content)):
        raise malformed("#/messages: expected content to be a string or a list of blocks")
    if not all(map(_CACHE_MARKS.isdisjoint, content)):
        raise RefusedError(_FORBIDDEN, _NO_CACHE)
    return "\n".join([block["text"] for block in content if isinstance(block.get("text"), str)])


def conversation(body: Mapping[str, Any]) -> tuple[Message, ...]:
    """Return the messages of a body that has ``messages`` and perhaps ``system``.

    Parameters
    ----------
    body
        The request body.

    Returns
    -------
    tuple[Message, ...]
        The system's words first.

    Raises
    ------
    RefusedError
        If there are no messages, or one is not an object with ``role`` and ``content``.
    """
    turns = required(body, "messages", list)
    # In OpenAI's form, a turn that calls tools has no content, or null.
    turns = [{**turn, "content": ""} if _only_calls(turn) else turn for turn in turns]
    if not turns or not _OBJECTS.issuperset(map(type, turns)) or not all(turn.keys() >= _TURN for turn in turns):
        raise malformed("#/messages: expected at least one message, each with role and content")
    system = (Message("system", text_of(body["system"])),) if body.get("system") else ()
    return (*system, *[Message(str(turn["role"]), text_of(turn["content"])) for turn in turns])


def _only_calls(turn: Any) -> bool:  # noqa: ANN401 -- decoded JSON
    return isinstance(turn, dict) and bool(turn.get("tool_calls")) and turn.get("content") is None


def prompt(
    messages: tuple[Message, ...],
    max_tokens: Any = None,  # noqa: ANN401 -- decoded JSON, checked here
    temperature: Any = None,  # noqa: ANN401 -- the same
    top_p: Any = None,  # noqa: ANN401 -- the same
    stop: Any = None,  # noqa: ANN401 -- the same
    *,
    hottest: int = 1,
) -> Prompt:
    """Build a prompt from the values of a body.

    Parameters
    ----------
    messages
        The conversation.
    max_tokens, temperature, top_p, stop
        As in `Prompt`, unchecked. Default: left open.
    hottest
        The most that a temperature may be. Default: what Amazon's, Anthropic's and Meta's models take.

    Returns
    -------
    Prompt
        The prompt.

    Raises
    ------
    RefusedError
        If a value has another type than it should, or is out of range.
    """
    if max_tokens is not None and (not isinstance(max_tokens, int) or max_tokens < 1):
        raise malformed(f"#: the maximum number of tokens must be a positive integer, got {max_tokens!r}")
    _check_chance("temperature", temperature, hottest)
    _check_chance("top_p", top_p, 1)
    stops = [stop] if isinstance(stop, str) else (stop or [])
    if not isinstance(stops, list) or not _TEXTS.issuperset(map(type, stops)):
        raise malformed(f"#: stop sequences must be a list of strings, got {stop!r}")
    return Prompt(messages, max_tokens, temperature, top_p, tuple(stops))


def _check_chance(name: str, value: Any, most: int) -> None:  # noqa: ANN401 -- decoded JSON
    if value is None:
        return
    if not isinstance(value, (int, float)):
        raise malformed(f"#: {name} must be a number, got {value!r}")
    if not 0 <= value <= most:
        raise malformed(f"#: {name} must be from 0 to {most}, got {value!r}")
