"""Amazon's Nova and Titan."""

from collections.abc import Mapping
from typing import Any

from bedrock_local.bedrock.models.backends.backend import Backend
from bedrock_local.bedrock.models.families.body import conversation, malformed, prompt, required, section
from bedrock_local.bedrock.models.families.embedding import embed
from bedrock_local.bedrock.models.invocation import Answer, Message

_DIMENSIONS = (1024, 512, 256)


def nova(body: Mapping[str, Any], backend: Backend, model_id: str) -> Answer:  # noqa: ARG001 -- a Family
    """Answer a Nova body; see `Family`."""
    config = section(body, "inferenceConfig")
    completion = backend.complete(
        prompt(
            conversation(body),
            # AWS's own pages use both spellings.
            config.get("maxTokens", config.get("max_new_tokens")),
            config.get("temperature"),
            config.get("topP", config.get("top_p")),
            config.get("stopSequences"),
        )
    )
    response = {
        "output": {"message": {"content": [{"text": completion.text}], "role": "assistant"}},
        "stopReason": "max_tokens" if completion.truncated else "end_turn",
        "usage": {
            "inputTokens": completion.input_tokens,
            "outputTokens": completion.output_tokens,
            "totalTokens": completion.input_tokens + completion.output_tokens,
        },
    }
    return Answer(response, completion.input_tokens, completion.output_tokens)


def titan_text(body: Mapping[str, Any], backend: Backend, model_id: str) -> Answer:  # noqa: ARG001 -- a Family
    """Answer a Titan Text body; see `Family`."""
    config = section(body, "textGenerationConfig")
    completion = backend.complete(
        prompt(
            (Message("user", required(body, "inputText", str)),),
            config.get("maxTokenCount"),
            config.get("temperature"),
            config.get("topP"),
            config.get("stopSequences"),
        )
    )
    result = {
        "tokenCount": completion.output_tokens,
        "outputText": completion.text,
        "completionReason": "LENGTH" if completion.truncated else "FINISH",
    }
    response = {"inputTextTokenCount": completion.input_tokens, "results": [result]}
    return Answer(response, completion.input_tokens, completion.output_tokens)


def titan_embeddings(body: Mapping[str, Any], backend: Backend, model_id: str) -> Answer:  # noqa: ARG001 -- a Family
    """Answer a Titan Text Embeddings V2 body; see `Family`."""
    text = required(body, "inputText", str)
    dimensions = body.get("dimensions", _DIMENSIONS[0])
    if dimensions not in _DIMENSIONS:
        raise malformed(f"#/dimensions: {dimensions} is not a valid enum value")
    vector, tokens = embed(text, dimensions), len(text.split())
    response = {"embedding": vector, "embeddingsByType": {"float": vector}, "inputTextTokenCount": tokens}
    return Answer(response, tokens, 0)
