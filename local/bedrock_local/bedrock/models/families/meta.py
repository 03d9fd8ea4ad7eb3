"""Meta's Llama."""

from collections.abc import Mapping
from typing import Any

from bedrock_local.bedrock.models.backends.backend import Backend
from bedrock_local.bedrock.models.families.body import prompt
from bedrock_local.bedrock.models.families.schema import permit, required
from bedrock_local.bedrock.models.invocation import Answer, Message


def llama(body: Mapping[str, Any], backend: Backend, model_id: str) -> Answer:  # noqa: ARG001 -- a Family
    """Answer a body; see `Family`."""
    permit(body, ("prompt", "max_gen_len", "temperature", "top_p", "images"))
    question = Message("user", required(body, "prompt", str))
    completion = backend.complete(
        prompt((question,), body.get("max_gen_len"), body.get("temperature"), body.get("top_p"))
    )
    response = {
        "generation": completion.text,
        "prompt_token_count": completion.input_tokens,
        "generation_token_count": completion.output_tokens,
        "stop_reason": "length" if completion.truncated else "stop",
    }
    return Answer(response, completion.input_tokens, completion.output_tokens)
