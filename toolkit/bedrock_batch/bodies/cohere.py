"""Bodies for Cohere Command R.

https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-cohere-command-r-plus.html
"""

from typing import Any

from msgspec.structs import replace

from bedrock_batch.bodies.losses import BodyError
from bedrock_batch.bodies.request import Message, Request, Text
from bedrock_batch.bodies.values import Names, settings_by

_NAMES = Names("max_tokens", "temperature", "p", "stop_sequences")
_ROLES = {"system": "SYSTEM", "user": "USER", "assistant": "CHATBOT"}


def write_command_r(request: Request, lost: set[str]) -> dict[str, Any]:
    """Write a body."""
    if not request.messages and request.system:
        lost.add("a system message alone")
        request = replace(request, messages=(Message("user", tuple(map(Text, request.system))),), system=())
    if not request.messages or request.messages[-1].role != "user":
        raise BodyError("does not end with a message of the user, which is what this model answers; end with one")
    *before, last = [(_ROLES[message.role], _text(message)) for message in request.messages]
    body: dict[str, Any] = {"message": last[1]}
    if before:
        body["chat_history"] = [{"role": role, "message": text} for role, text in before]
    if request.system:
        body["preamble"] = "\n\n".join(request.system)
    body |= settings_by(_NAMES, request.settings, lost)
    if request.tools:
        lost.add("tools")
    for name, value in request.others.items():
        if name == "seed" or (name in ("frequency_penalty", "presence_penalty") and 0 <= value <= 1):
            body[name] = value
        else:
            lost.add(name)
    return body


def _text(message: Message) -> str:
    if any(not isinstance(part, Text) for part in message.parts):
        raise BodyError("has more than text in a message, which this model is not given; choose another model")
    return "\n".join(part.text for part in message.parts if isinstance(part, Text))
