"""Tools in a request to OpenAI, and which of them is to be asked.

https://platform.openai.com/docs/guides/function-calling
"""

import re
from typing import Any

from bedrock_batch.bodies.request import Tool, ToolChoice
from bedrock_batch.openai_batch.faults import FaultyLineError, unlike
from bedrock_batch.openai_batch.unread import lose_unread
from bedrock_batch.values import described, shortened

_MODES: dict[str, ToolChoice] = {"auto": ToolChoice(), "required": ToolChoice("any"), "none": ToolChoice("none")}
# https://platform.openai.com/docs/api-reference/chat/create; Converse has the same.
_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_READ, _READ_OF_FUNCTION = frozenset({"type", "function"}), frozenset({"name", "description", "parameters", "strict"})


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
    if found and not tools:
        return (), None  # Of other types, which are told.
    return tuple(tools), None if choice is None else _choice(choice, tools)


def _tool(found: object, place: int, lost: set[str]) -> Tool | None:
    kind = found.get("type", "function") if isinstance(found, dict) else None
    if isinstance(found, dict) and isinstance(kind, str) and kind != "function":
        lost.add(f"tools of the type {shortened(kind)}")
        return None
    function = found.get("function") if isinstance(found, dict) else None
    if not (isinstance(found, dict) and isinstance(function, dict) and isinstance(function.get("name"), str)):
        raise FaultyLineError(
            f"a tool must have a 'function' with a 'name', got {described(found)}; correct it", "tools", place
        )
    lose_unread(found, _READ, "a tool", lost)
    lose_unread(function, _READ_OF_FUNCTION, "a tool's function", lost)
    name, description, schema = function["name"], function.get("description"), function.get("parameters")
    if not _NAME.fullmatch(name):
        rule = "at most 64 letters, digits, hyphens and underscores, as OpenAI has it"
        raise unlike("name", rule, name).below("tools", place, "function")
    if description is not None and not isinstance(description, str):
        raise unlike("description", "a text", description).below("tools", place, "function")
    if schema is not None and not isinstance(schema, dict):
        raise unlike("parameters", "an object", schema).below("tools", place, "function")
    return Tool(name, description or "", schema or {}, strict=function.get("strict") is True)


def _choice(found: object, tools: list[Tool]) -> ToolChoice:
    if isinstance(found, str) and found in _MODES:
        if found == "required" and not tools:
            raise FaultyLineError("'tool_choice' requires a tool, and 'tools' has none; add it", "tool_choice")
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
