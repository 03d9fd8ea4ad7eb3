"""Anthropic's Messages API."""

import re
import secrets
from collections.abc import Mapping
from typing import Any

from bedrock_local.bedrock.models.backends.backend import Backend
from bedrock_local.bedrock.models.families.body import conversation, prompt
from bedrock_local.bedrock.models.invocation import Answer, RefusedError

_REQUIRED = ("anthropic_version", "max_tokens", "messages")
# Claude from 4.1 on; what follows the 4 of earlier ones is a date.
_TAKES_ONE_OF_BOTH = re.compile(r"claude-[a-z]+-(?:4-[1-9](?!\d)|[5-9])")


def messages(body: Mapping[str, Any], backend: Backend, model_id: str) -> Answer:
    """Answer a body; see `Family`."""
    for key in _REQUIRED:
        if key not in body:
            raise RefusedError(400, f"{key}: Field required")
    if _TAKES_ONE_OF_BOTH.search(model_id) and {"temperature", "top_p"} <= body.keys():
        raise RefusedError(400, "`temperature` and `top_p` cannot both be specified for this model.")
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
