"""Mistral: chat for the newer models, a plain prompt for the older."""

from collections.abc import Mapping
from typing import Any

from bedrock_local.bedrock.models.backends.backend import Backend
from bedrock_local.bedrock.models.families.body import prompt
from bedrock_local.bedrock.models.families.chat import chat
from bedrock_local.bedrock.models.families.schema import required
from bedrock_local.bedrock.models.invocation import Answer, Message


def mistral(body: Mapping[str, Any], backend: Backend, model_id: str) -> Answer:
    """Answer a body; see `Family`."""
    if "messages" in body:
        return chat(body, backend, model_id, reason="stop_reason")
    completion = backend.complete(
        prompt(
            (Message("user", required(body, "prompt", str)),),
            body.get("max_tokens"),
            body.get("temperature"),
            body.get("top_p"),
            body.get("stop"),
        )
    )
    output = {"text": completion.text, "stop_reason": "length" if completion.truncated else "stop"}
    return Answer({"outputs": [output]}, completion.input_tokens, completion.output_tokens)
