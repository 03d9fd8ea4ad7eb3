"""Cohere: Command R (``message``), Command (``prompt``) and Embed."""

import secrets
from collections.abc import Mapping
from typing import Any

from bedrock_local.bedrock.models.backends.backend import Backend
from bedrock_local.bedrock.models.families.body import prompt
from bedrock_local.bedrock.models.families.embedding import embed as vector_of
from bedrock_local.bedrock.models.families.schema import malformed, required
from bedrock_local.bedrock.models.invocation import Answer, Message

_DIMENSIONS = 1024


def command(body: Mapping[str, Any], backend: Backend, model_id: str) -> Answer:  # noqa: ARG001 -- a Family
    """Answer a Command or Command R body; see `Family`."""
    question = required(body, "message" if "message" in body else "prompt", str)
    completion = backend.complete(
        prompt((Message("user", question),), body.get("max_tokens"), body.get("temperature"), body.get("p"), hottest=5)
    )
    said = {"text": completion.text, "finish_reason": "MAX_TOKENS" if completion.truncated else "COMPLETE"}
    identity = secrets.token_hex(16)
    if "message" in body:
        response: dict[str, Any] = {"response_id": identity, "generation_id": identity, **said}
    else:
        response = {"id": identity, "generations": [{"id": identity, **said}], "prompt": question}
    return Answer(response, completion.input_tokens, completion.output_tokens)


def embed(body: Mapping[str, Any], backend: Backend, model_id: str) -> Answer:  # noqa: ARG001 -- a Family
    """Answer an Embed body; see `Family`."""
    texts = required(body, "texts", list)
    required(body, "input_type", str)
    if not all(isinstance(text, str) for text in texts):
        raise malformed("#/texts: expected type: str")
    response = {
        "id": secrets.token_hex(16),
        "response_type": "embeddings_floats",
        "embeddings": [vector_of(text, _DIMENSIONS) for text in texts],
        "texts": texts,
    }
    return Answer(response, sum(len(text.split()) for text in texts), 0)
