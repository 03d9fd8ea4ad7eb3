"""Calls of tools in a conversation of OpenAI's, and their answers.

https://platform.openai.com/docs/guides/function-calling
"""

from typing import Any

from msgspec import MsgspecError
from msgspec.json import Decoder

from bedrock_batch.bodies.request import ToolUse
from bedrock_batch.openai_batch.faults import FaultyLineError, unlike
from bedrock_batch.openai_batch.unread import lose_unread
from bedrock_batch.values import described, shortened

_ARGUMENTS = Decoder(dict[str, Any])
# Some have their number in the list, as a stream's do.
_READ = frozenset({"id", "type", "function", "index"})
_READ_OF_FUNCTION = frozenset({"name", "arguments"})


def calls_of(found: object, lost: set[str]) -> list[ToolUse]:
    """Read what an assistant has asked of tools: their arguments are a text of JSON there, and an object here.

    Raises
    ------
    FaultyLineError
        If a call is not as OpenAI has it, or its arguments are no JSON object.
    """
    if not isinstance(found, list):
        raise unlike("tool_calls", "a list", found)
    return [_call(each, place, lost) for place, each in enumerate(found)]


def require_answers(found: list[dict[str, Any]]) -> None:
    """Require that each call is answered by the messages that follow it, and nothing else is; all has been read.

    OpenAI refuses a conversation where it is not so ("An assistant message with 'tool_calls' must be followed by tool
    messages responding to each 'tool_call_id'"), and so do Claude and Converse.

    Raises
    ------
    FaultyLineError
        If one is not.
    """
    asked, asking = set[str](), 0
    for place, message in enumerate(found):
        if message["role"] == "tool":
            _require_call(message["tool_call_id"], asked, place)
        elif asked:
            break
        elif message["role"] == "assistant" and (calls := message.get("tool_calls")):
            asked, asking = {call["id"] for call in calls}, place
            if len(asked) < len(calls):
                raise FaultyLineError(
                    "has two calls of the same 'id', and answers are told apart by it; give each its own",
                    *("messages", place, "tool_calls"),
                )
    if asked:
        rule = f"the call {shortened(min(asked))} has no answer in the messages after it; add it, or leave the call out"
        raise FaultyLineError(rule, "messages", asking, "tool_calls")


def _require_call(answered: str, asked: set[str], place: int) -> None:
    if answered not in asked:
        raise FaultyLineError(
            f"'tool_call_id' {shortened(answered)} is the id of no call before it that has no answer yet; "
            "name one of them, or leave the answer out",
            *("messages", place, "tool_call_id"),
        )
    asked.remove(answered)


def _call(found: object, place: int, lost: set[str]) -> ToolUse:
    function = found.get("function") if isinstance(found, dict) else None
    if not isinstance(found, dict) or not isinstance(function, dict):
        raise FaultyLineError(
            f"a call must have a 'function', got {described(found)}; other calls are not converted",
            "tool_calls",
            place,
        )
    lose_unread(found, _READ, "a call", lost)
    lose_unread(function, _READ_OF_FUNCTION, "a call's function", lost)
    call_id, name, arguments = found.get("id"), function.get("name"), function.get("arguments")
    if not (isinstance(call_id, str) and call_id and isinstance(name, str) and name):
        raise FaultyLineError(
            "a call must have an 'id' and a function's 'name', both texts with something in them; add them",
            "tool_calls",
            place,
        )
    if not isinstance(arguments, str):
        raise unlike("arguments", "a text of JSON", arguments).below("tool_calls", place, "function")
    try:
        # A call without arguments is seen to have an empty text.
        return ToolUse(call_id, name, _ARGUMENTS.decode(arguments) if arguments.strip() else {})
    except MsgspecError:
        raise FaultyLineError(
            f"'arguments' must be a text of one JSON object, got {shortened(arguments)}; correct it",
            *("tool_calls", place, "function", "arguments"),
        ) from None
