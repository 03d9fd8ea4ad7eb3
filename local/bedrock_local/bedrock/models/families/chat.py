"""OpenAI's chat completions, which DeepSeek, Qwen, gpt-oss and most newer models on Bedrock take."""

import secrets
import time
from collections.abc import Mapping
from typing import Any

from bedrock_local.bedrock.models.backends.backend import Backend
from bedrock_local.bedrock.models.families.body import conversation, prompt
from bedrock_local.bedrock.models.invocation import Answer


def chat(body: Mapping[str, Any], backend: Backend, model_id: str, reason: str = "finish_reason") -> Answer:
    """Answer a body; see `Family`.

    Parameters
    ----------
    body, backend, model_id
        As in `Family`.
    reason
        The name of the member that says why the answer ended. Default: OpenAI's.

    Returns
    -------
    Answer
        The answer.
    """
    completion = backend.complete(
        prompt(
            conversation(body),
            body.get("max_completion_tokens", body.get("max_tokens")),
            body.get("temperature"),
            body.get("top_p"),
            body.get("stop"),
            hottest=2,
        )
    )
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": completion.text},
        reason: "length" if completion.truncated else "stop",
    }
    response = {
        "id": f"chatcmpl-{secrets.token_hex(12)}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": model_id,
        "choices": [choice],
        "usage": {
            "prompt_tokens": completion.input_tokens,
            "completion_tokens": completion.output_tokens,
            "total_tokens": completion.input_tokens + completion.output_tokens,
        },
    }
    return Answer(response, completion.input_tokens, completion.output_tokens)
