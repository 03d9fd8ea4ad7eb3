"""Bodies of models that take a prompt, and know of turns by how it is written: Amazon Titan Text, the first of Mistral.

https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-text.html,
https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-mistral-text-completion.html
"""

import re
from typing import Any

from bedrock_batch.bodies.losses import BodyError
from bedrock_batch.bodies.request import Part, Request, Text
from bedrock_batch.bodies.turns import turns_of
from bedrock_batch.bodies.values import Names, settings_by

_TITAN = Names("maxTokenCount", "temperature", "topP", "stopSequences")
_MISTRAL = Names("max_tokens", "temperature", "top_p", "stop")
_MISTRAL_TOKENS = re.compile(r"(?<=<)(?=/?s>)|(?<=\[)(?=/?INST\])")


def write_titan_text(request: Request, lost: set[str]) -> dict[str, Any]:
    """Write a body for Amazon Titan Text: a question stands alone, a conversation has the names of the speakers."""
    system, turns = turns_of(request, lost)
    texts = [_text(parts) for _, parts in turns]
    if len(turns) == 1:
        said = texts
    else:
        names = ("User", "Bot")
        said = ["\n".join([*(f"{names[number % 2]}: {text}" for number, text in enumerate(texts)), "Bot:"])]
    config = settings_by(_TITAN, request.settings, lost)
    _lose_tools(request, lost)
    body: dict[str, Any] = {"inputText": "\n\n".join([*system, *said])}
    return {**body, "textGenerationConfig": config} if config else body


def write_mistral_prompt(request: Request, lost: set[str]) -> dict[str, Any]:
    """Write a body for the first models of Mistral AI, which have no messages."""
    system, turns = turns_of(request, lost)
    pieces = ["<s>"]
    for number, (role, parts) in enumerate(turns):
        text = _text(parts) if number or not system else "\n\n".join([*system, _text(parts)])
        if (plain := _MISTRAL_TOKENS.sub(" ", text)) != text:
            lost.add("special tokens in a text")
        pieces.append(f"[INST] {plain} [/INST]" if role == "user" else f" {plain}</s>")
    _lose_tools(request, lost)
    return {"prompt": "".join(pieces), **settings_by(_MISTRAL, request.settings, lost)}


def _text(parts: list[Part]) -> str:
    if any(not isinstance(part, Text) for part in parts):
        raise BodyError("has more than text in a message, and this model takes text only; choose another model")
    return "\n".join(part.text for part in parts if isinstance(part, Text))


def _lose_tools(request: Request, lost: set[str]) -> None:
    if request.tools:
        lost.add("tools")
    lost.update(request.others)
