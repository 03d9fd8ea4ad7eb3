"""Anthropic's Messages API."""

import secrets
from collections.abc import Mapping
from typing import Any

from bedrock_local.bedrock.backends import Backend
from bedrock_local.bedrock.families.body import conversation, prompt
from bedrock_local.bedrock.invocation import Answer, RefusedError

_REQUIRED = ("anthropic_version", "max_tokens", "messages")


def messages(body: Mapping[str, Any], backend: Backend, model_id: str) -> Answer:
    """Answer a body; see `Family`."""
    for key in _REQUIRED:
        if key not in body:
            raise RefusedError(400, f"{key}: Field required")
    completion = backend.complete(
        prompt(
            conversation(body),
            body["max_tokens"],
            body.get("temperature"),
            body.get("top_p"),
            body.get("stop_sequences"),
        )
    )
    response = {
        "model": model_id.removeprefix("anthropic."),
        "id": f"msg_bdrk_{secrets.token_hex(12)}",
        "type": "message",
        "role": "assistant",
        "content": [{"type": "text", "text": completion.text}],
        "stop_reason": "max_tokens" if completion.truncated else "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": completion.input_tokens, "output_tokens": completion.output_tokens},
    }
    return Answer(response, completion.input_tokens, completion.output_tokens)
