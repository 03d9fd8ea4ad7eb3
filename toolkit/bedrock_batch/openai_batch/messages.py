"""The messages of a request to OpenAI."""

from collections.abc import Callable
from typing import Any

from bedrock_batch.bodies.request import Message, Part, Text, ToolResult
from bedrock_batch.openai_batch.calls import calls_of, require_answers
from bedrock_batch.openai_batch.faults import FaultyLineError, unlike
from bedrock_batch.openai_batch.parts import parts_of, text_of
from bedrock_batch.openai_batch.unread import lose_unread
from bedrock_batch.values import described

# A message of a role and a text has no more.
_PLAIN = 2
_SPEAKERS, _BEFORE = ("user", "assistant"), ("system", "developer")


def messages_of(found: object, lost: set[str]) -> tuple[tuple[str, ...], tuple[Message, ...]]:
    """Read messages.

    Returns
    -------
    tuple of str
        What the system, or the developer, says before all others.
    tuple of Message
        The others.

    Raises
    ------
    FaultyLineError
        If they are not as OpenAI has them.
    """
    if not isinstance(found, list) or not found:
        raise unlike("messages", "a list of at least one message", found)
    system: list[str] = []
    messages: list[Message] = []
    asked = False
    for place, each in enumerate(found):
        if type(each) is dict and len(each) == _PLAIN and type(text := each.get("content")) is str:
            role = each.get("role")
            if role in _SPEAKERS:
                messages.append(Message(role, (Text(text),)))
                continue
            if role in _BEFORE and not messages:
                system.append(text)
                continue
        try:
            message = _message(each, lost)
        except FaultyLineError as fault:
            raise fault.below("messages", place) from None
        asked = asked or each["role"] == "tool" or (each["role"] == "assistant" and "tool_calls" in each)
        if message.role == "system" and not messages:
            system += [part.text for part in message.parts if isinstance(part, Text)]
        else:
            messages.append(message)
    if asked:
        require_answers(found)
    return tuple(system), tuple(messages)


def _message(found: object, lost: set[str]) -> Message:
    if not isinstance(found, dict):
        raise FaultyLineError(f"a message must be an object, got {described(found)}; give it a 'role' and a 'content'")
    role = found.get("role")
    read = _ROLES.get(role) if isinstance(role, str) else None
    if read is None:
        raise FaultyLineError(_unknown_role(role), "role")
    message = read(found, lost)
    if len(found) > _PLAIN:
        lose_unread(found, _READ.get(str(role), _PLAIN_MEMBERS), "a message", lost)
    return message


def _user(found: dict[str, Any], lost: set[str]) -> Message:
    content = found.get("content")
    if isinstance(content, str):
        return Message("user", (Text(content),))
    if not isinstance(content, list):
        raise unlike("content", "a text or a list of parts", content)
    try:
        return Message("user", parts_of(content, lost, images=True))
    except FaultyLineError as fault:
        raise fault.below("content") from None


def _system(found: dict[str, Any], lost: set[str]) -> Message:
    return Message("system", (Text(_text(found, lost)),))


def _assistant(found: dict[str, Any], lost: set[str]) -> Message:
    parts: list[Part] = [Text(text)] if (text := _text(found, lost)) else []
    if isinstance(refusal := found.get("refusal"), str) and refusal:
        parts.append(Text(refusal))
    if (calls := found.get("tool_calls")) is not None:
        parts += calls_of(calls, lost)
    return Message("assistant", tuple(parts))


def _tool(found: dict[str, Any], lost: set[str]) -> Message:
    call = found.get("tool_call_id")
    if not isinstance(call, str):
        raise unlike("tool_call_id", "a text, the id of a call", call)
    return Message("user", (ToolResult(call, (Text(_text(found, lost)),)),))


def _text(found: dict[str, Any], lost: set[str]) -> str:
    content = found.get("content")
    if content is None and found.get("role") == "assistant":
        return ""
    try:
        return text_of(content, lost)
    except FaultyLineError as fault:
        raise fault.below("content") from None


_ROLES: dict[str, Callable[[dict[str, Any], set[str]], Message]] = {
    "user": _user,
    "system": _system,
    "developer": _system,
    "assistant": _assistant,
    "tool": _tool,
}
_PLAIN_MEMBERS = frozenset({"role", "content"})
_READ = {"assistant": _PLAIN_MEMBERS | {"tool_calls", "refusal"}, "tool": _PLAIN_MEMBERS | {"tool_call_id"}}


def _unknown_role(role: object) -> str:
    if role == "function":
        return 'the role "function" is OpenAI\'s former one for answers of tools; write them with the role "tool"'
    known = ", ".join(_ROLES)
    return f"'role' must be one of {known}, got {described(role)}; correct it"
