"""Tools in a request to OpenAI, and their calls.

https://platform.openai.com/docs/guides/function-calling
"""

from typing import Any

from msgspec import MsgspecError
from msgspec.json import Decoder

from bedrock_batch.bodies.request import Tool, ToolChoice, ToolUse
from bedrock_batch.openai_batch.faults import FaultyLineError, unlike
from bedrock_batch.values import described, shortened

_MODES: dict[str, ToolChoice] = {"auto": ToolChoice(), "required": ToolChoice("any"), "none": ToolChoice("none")}
_ARGUMENTS = Decoder(dict[str, Any])


def tools_of(body: dict[str, Any], lost: set[str]) -> tuple[tuple[Tool, ...], ToolChoice | None]:
    """Read the tools and which of them is to be asked.

    Returns
    -------
    tuple of Tool
        The tools; only those that may be asked, if the request allows a few.
    ToolChoice or None
        None if the request does not say.

    Raises
    ------
    FaultyLineError
        If they are not as OpenAI has them.
    """
    found = body.get("tools") or []
    if not isinstance(found, list):
        raise unlike("tools", "a list", found)
    tools = [tool for place, each in enumerate(found) if (tool := _tool(each, place, lost))]
    choice = body.get("tool_choice")
    if isinstance(choice, dict) and choice.get("type") == "allowed_tools":
        return _allowed(tools, choice)
    return tuple(tools), None if choice is None or not tools else _choice(choice, tools)


def calls_of(found: object) -> list[ToolUse]:
    """Read what an assistant has asked of tools: their arguments are a text of JSON there, and an object here.

    Raises
    ------
    FaultyLineError
        If a call is not as OpenAI has it, or its arguments are no JSON object.
    """
    if not isinstance(found, list):
        raise unlike("tool_calls", "a list", found)
    return [_call(each, place) for place, each in enumerate(found)]


def _tool(found: object, place: int, lost: set[str]) -> Tool | None:
    kind = found.get("type", "function") if isinstance(found, dict) else None
    if isinstance(found, dict) and isinstance(kind, str) and kind != "function":
        lost.add(f"tools of the type {shortened(kind)}")
        return None
    function = found.get("function") if isinstance(found, dict) else None
    if not isinstance(function, dict) or not isinstance(function.get("name"), str) or not function["name"]:
        raise FaultyLineError(
            f"a tool must have a 'function' with a 'name', got {described(found)}; correct it", "tools", place
        )
    schema = function.get("parameters")
    if schema is not None and not isinstance(schema, dict):
        raise unlike("parameters", "an object", schema).below("tools", place, "function")
    description = function.get("description")
    text = description if isinstance(description, str) else ""
    return Tool(function["name"], text, schema or {}, strict=function.get("strict") is True)


def _choice(found: object, tools: list[Tool]) -> ToolChoice:
    if isinstance(found, str) and found in _MODES:
        return _MODES[found]
    function = found.get("function") if isinstance(found, dict) else None
    name = function.get("name") if isinstance(function, dict) else None
    if not isinstance(name, str):
        raise unlike("tool_choice", '"auto", "none", "required" or a function with its name', found)
    if name not in {tool.name for tool in tools}:
        raise FaultyLineError(
            f"'tool_choice' names {shortened(name)}, and 'tools' has no such function; add it", "tool_choice"
        )
    return ToolChoice("tool", name)


def _allowed(tools: list[Tool], choice: dict[str, Any]) -> tuple[tuple[Tool, ...], ToolChoice]:
    """Leave the tools out that may not be asked: no family has a list of those that may."""
    allowed = choice.get("allowed_tools")
    found = allowed.get("tools") if isinstance(allowed, dict) else None
    mode = allowed.get("mode", "auto") if isinstance(allowed, dict) else None
    if not isinstance(found, list) or mode not in ("auto", "required"):
        raise unlike("tool_choice", "allowed_tools with a mode, auto or required, and tools", choice)
    names = {_choice(each, tools).name for each in found}
    return tuple(tool for tool in tools if tool.name in names), _MODES[mode]


def _call(found: object, place: int) -> ToolUse:
    function = found.get("function") if isinstance(found, dict) else None
    if not isinstance(found, dict) or not isinstance(function, dict):
        raise FaultyLineError(
            f"a call must have a 'function', got {described(found)}; other calls have nothing like it",
            "tool_calls",
            place,
        )
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
