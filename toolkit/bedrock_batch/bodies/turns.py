"""Conversations as families take them whose turns alternate: the user first, nothing empty, the system apart."""

from bedrock_batch.bodies.losses import BodyError
from bedrock_batch.bodies.request import Part, Request, Role, Text, Tool, ToolUse

FIRST = Text("(The assistant speaks first.)")

Turn = tuple[Role, list[Part]]


def turns_of(request: Request, lost: set[str]) -> tuple[list[str], list[Turn]]:
    """Divide a request into what the system says and turns.

    Returns
    -------
    list of str
        What the system says, wherever it stood.
    list of tuple
        Of each turn who speaks and what is said. Messages of the same role, one after the other, are one.

    Raises
    ------
    BodyError
        If nothing is said.
    """
    system = list(filter(str.strip, request.system))
    turns: list[Turn] = []
    last = ""
    for message in request.messages:
        parts = _said(message.parts)
        if not parts:
            lost.add("an empty message")
        elif message.role == "system":
            lost.add("a system message in the middle")
            system += [part.text for part in parts if isinstance(part, Text)]
        elif message.role == last:
            turns[-1][1].extend(parts)
        else:
            last = message.role
            turns.append((message.role, parts))
    if not turns:
        return [], [_of_system(system, lost)]
    if turns[0][0] == "assistant":
        lost.add("an assistant message first")
        turns.insert(0, ("user", [FIRST]))
    return system, turns


def declared(request: Request, lost: set[str]) -> tuple[Tool, ...]:
    """Give the tools of a request; where it has none, those that were called before.

    OpenAI takes a conversation with calls and no tools. Others refuse it: "Requests which include `tool_use` or
    `tool_result` blocks must define `tools`" is seen of Claude.

    Raises
    ------
    BodyError
        If two have the same name: "Tool names must be unique" is seen of Claude.
    """
    if request.tools:
        if len({tool.name for tool in request.tools}) < len(request.tools):
            raise BodyError("has two tools of the same name, which this model refuses; give each its own")
        return request.tools
    if len(request.messages) == 1:
        return ()
    names = [part.name for message in request.messages for part in message.parts if type(part) is ToolUse]
    if names:
        lost.add("calls of tools that are not there")
    return tuple(Tool(name) for name in dict.fromkeys(names))


def _said(parts: tuple[Part, ...]) -> list[Part]:
    """Take the parts that say something: a text of nothing but space is refused as an empty one."""
    if len(parts) == 1:  # As most have.
        part = parts[0]
        return [part] if type(part) is not Text or (part.text and not part.text.isspace()) else []
    return [part for part in parts if type(part) is not Text or (part.text and not part.text.isspace())]


def _of_system(system: list[str], lost: set[str]) -> Turn:
    """Let the user say what the system says, where nobody else says anything: OpenAI answers that."""
    if not system:
        raise BodyError("has no message with a text; give it one of the user")
    lost.add("a system message alone")
    return "user", [Text(text) for text in system]
