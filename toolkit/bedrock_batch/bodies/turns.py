"""Conversations as families take them whose turns alternate: the user first, nothing empty, the system apart."""

from bedrock_batch.bodies.losses import BodyError
from bedrock_batch.bodies.request import Message, Part, Request, Role, Text

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
    system = [text for text in request.system if _is_said(text)]
    turns: list[Turn] = []
    last = ""
    for message in request.messages:
        parts = said(message, lost)
        if not parts:
            continue
        if message.role == "system":
            lost.add("a system message in the middle")
            system += [part.text for part in parts if isinstance(part, Text)]
        elif message.role == last:
            turns[-1][1].extend(parts)
        else:
            last = message.role
            turns.append((message.role, parts))
    if not turns:
        raise BodyError("has no message with a text; give it one of the user")
    if turns[0][0] == "assistant":
        lost.add("an assistant message first")
        turns.insert(0, ("user", [FIRST]))
    return system, turns


def said(message: Message, lost: set[str]) -> list[Part]:
    """Take the parts of a message that say something: a text of nothing but space is refused as an empty one."""
    parts = [part for part in message.parts if type(part) is not Text or _is_said(part.text)]
    if not parts:
        lost.add("an empty message")
    return parts


def _is_said(text: str) -> bool:
    return bool(text) and not text.isspace()
