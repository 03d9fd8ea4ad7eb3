"""Reading request bodies, and refusing them in the service's words."""

from collections.abc import Collection, Mapping
from types import MappingProxyType, NoneType
from typing import Any

from bedrock_local.bedrock.models.invocation import Message, Prompt, RefusedError

_BAD_REQUEST = 400
_FORBIDDEN = 403
# How Converse and Nova, and Anthropic, mark what is to be cached. Batch inference caches nothing.
_CACHE_MARKS = ("cachePoint", "cache_control")
# The service's names of JSON's types.
_TYPES: Mapping[type, str] = MappingProxyType(
    {
        str: "String",
        list: "JSONArray",
        dict: "JSONObject",
        bool: "Boolean",
        int: "Integer",
        float: "BigDecimal",
        NoneType: "Null",
    }
)
_NO_CACHE = "You invoked an unsupported model or your request did not allow prompt caching."


def malformed(detail: str) -> RefusedError:
    """Return the error of a body that breaks the model's schema.

    Parameters
    ----------
    detail
        What is wrong: ``#: required key [messages] not found``.

    Returns
    -------
    RefusedError
        To raise.
    """
    return RefusedError(_BAD_REQUEST, f"Malformed input request: {detail}, please reformat your input and try again.")


def required(body: Mapping[str, Any], key: str, kind: type) -> Any:  # noqa: ANN401 -- `kind` says which type
    """Return a member that must be there.

    Parameters
    ----------
    body
        The request body.
    key
        The member.
    kind
        Its JSON type: ``str``, ``list``, ...

    Returns
    -------
    Any
        Its value.

    Raises
    ------
    RefusedError
        If it is missing or has another type.
    """
    if key not in body:
        raise malformed(f"#: required key [{key}] not found")
    if not isinstance(body[key], kind):
        raise malformed(f"#/{key}: {mismatch(body[key], kind)}")
    return body[key]


def mismatch(value: object, kind: type) -> str:
    """Say that a value has another type than it should.

    Parameters
    ----------
    value
        Decoded JSON.
    kind
        The type that it should have: ``str``, ``list``, ...

    Returns
    -------
    str
        As the service says it: ``expected type: JSONArray, found: String``.
    """
    return f"expected type: {_TYPES[kind]}, found: {_TYPES[type(value)]}"


def permit(body: Mapping[str, Any], keys: Collection[str], where: str = "#") -> None:
    """Return if an object has no other members than it may have.

    Parameters
    ----------
    body
        The object.
    keys
        Those that it may have.
    where
        A pointer to it. Default: it is the whole body.

    Raises
    ------
    RefusedError
        If it has another. The words are those that callers of Nova, Titan and Llama have met.
    """
    for key in body:
        # A guardrail's configuration is not the model's.
        if key not in keys and not key.startswith("amazon-bedrock-"):
            raise malformed(f"{where}: extraneous key [{key}] is not permitted")


def permit_blocks(body: Mapping[str, Any], keys: Collection[str]) -> None:
    """Return if each message has a list of blocks, and these have no other members than they may have.

    Parameters
    ----------
    body
        The request body.
    keys
        Those that a block may have.

    Raises
    ------
    RefusedError
        If a content is no list, or a block has another member: OpenAI's and Anthropic's have a ``type``.
    """
    for number, turn in enumerate(required(body, "messages", list)):
        content, where = turn.get("content") if isinstance(turn, dict) else None, f"#/messages/{number}/content"
        if content is None:
            # What is wrong with that is `conversation`'s to say.
            continue
        if not isinstance(content, list):
            raise malformed(f"{where}: {mismatch(content, list)}")
        for position, block in enumerate(content):
            if isinstance(block, dict):
                permit(block, keys, f"{where}/{position}")


def section(body: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """Return an object that may be absent.

    Parameters
    ----------
    body
        The request body.
    key
        The member.

    Returns
    -------
    Mapping[str, Any]
        Its value; empty if absent.

    Raises
    ------
    RefusedError
        If it is not an object.
    """
    return required(body, key, dict) if body.get(key) is not None else {}


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
    if not isinstance(content, list) or not all(isinstance(block, dict) for block in content):
        raise malformed("#/messages: expected content to be a string or a list of blocks")
    if any(mark in block for block in content for mark in _CACHE_MARKS):
        raise RefusedError(_FORBIDDEN, _NO_CACHE)
    return "\n".join(block["text"] for block in content if isinstance(block.get("text"), str))


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
    if not turns or not all(isinstance(turn, dict) and {"role", "content"} <= turn.keys() for turn in turns):
        raise malformed("#/messages: expected at least one message, each with role and content")
    system = (Message("system", text_of(body["system"])),) if body.get("system") else ()
    return (*system, *(Message(str(turn["role"]), text_of(turn["content"])) for turn in turns))


def prompt(
    messages: tuple[Message, ...],
    max_tokens: Any = None,  # noqa: ANN401 -- decoded JSON, checked here
    temperature: Any = None,  # noqa: ANN401 -- the same
    top_p: Any = None,  # noqa: ANN401 -- the same
    stop: Any = None,  # noqa: ANN401 -- the same
) -> Prompt:
    """Build a prompt from the values of a body.

    Parameters
    ----------
    messages
        The conversation.
    max_tokens, temperature, top_p, stop
        As in `Prompt`, unchecked. Default: left open.

    Returns
    -------
    Prompt
        The prompt.

    Raises
    ------
    RefusedError
        If a value has another type than it should.
    """
    if max_tokens is not None and (not isinstance(max_tokens, int) or max_tokens < 1):
        raise malformed(f"#: the maximum number of tokens must be a positive integer, got {max_tokens!r}")
    for name, value in (("temperature", temperature), ("top_p", top_p)):
        if value is not None and not isinstance(value, int | float):
            raise malformed(f"#: {name} must be a number, got {value!r}")
    stops = [stop] if isinstance(stop, str) else (stop or [])
    if not isinstance(stops, list) or not all(isinstance(text, str) for text in stops):
        raise malformed(f"#: stop sequences must be a list of strings, got {stop!r}")
    return Prompt(messages, max_tokens, temperature, top_p, tuple(stops))
