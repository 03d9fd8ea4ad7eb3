"""Amazon's Nova and Titan."""

from collections.abc import Mapping
from typing import Any

from bedrock_local.bedrock.models.backends.backend import Backend
from bedrock_local.bedrock.models.families.body import conversation, prompt
from bedrock_local.bedrock.models.families.embedding import embed
from bedrock_local.bedrock.models.families.schema import (
    filled,
    malformed,
    one_of,
    permit,
    permit_blocks,
    permit_roles,
    required,
    section,
)
from bedrock_local.bedrock.models.invocation import Answer, Message

_DIMENSIONS = (1024, 512, 256)
_LENGTHS = (1024, 384, 256)
# https://docs.aws.amazon.com/nova/latest/userguide/complete-request-schema.html, and what Nova 2 and guardrails add.
_NOVA = frozenset(
    (
        *("schemaVersion", "system", "messages", "inferenceConfig", "toolConfig", "reasoningConfig"),
        "additionalModelRequestFields",
    )
)
# AWS's own pages have both spellings.
_NOVA_CONFIG = frozenset(
    (
        *("maxTokens", "temperature", "topP", "topK", "stopSequences", "reasoningConfig"),
        *("max_new_tokens", "top_p", "top_k"),
    )
)
_NOVA_BLOCK = frozenset(
    (
        *("text", "image", "video", "audio", "document", "toolUse", "toolResult"),
        *("reasoningContent", "guardContent", "cachePoint"),
    )
)


def nova(body: Mapping[str, Any], backend: Backend, model_id: str) -> Answer:  # noqa: ARG001 -- a Family
    """Answer a Nova body; see `Family`."""
    permit_blocks(body, _NOVA_BLOCK)
    permit_roles(body, ("user", "assistant"))
    permit(body, _NOVA)
    config = section(body, "inferenceConfig")
    permit(config, _NOVA_CONFIG, "#/inferenceConfig")
    completion = backend.complete(
        prompt(
            conversation(body),
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
    permit(body, ("inputText", "textGenerationConfig"))
    config = section(body, "textGenerationConfig")
    completion = backend.complete(
        prompt(
            (Message("user", filled(body, "inputText")),),
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
    text = filled(body, "inputText")
    permit(body, ("inputText", "dimensions", "normalize", "embeddingTypes"))
    dimensions = one_of(body.get("dimensions", _DIMENSIONS[0]), _DIMENSIONS, "#/dimensions")
    vector, tokens = embed(text, dimensions), len(text.split())
    response = {"embedding": vector, "embeddingsByType": {"float": vector}, "inputTextTokenCount": tokens}
    return Answer(response, tokens, 0)


def titan_multimodal(body: Mapping[str, Any], backend: Backend, model_id: str) -> Answer:  # noqa: ARG001 -- a Family
    """Answer a Titan Multimodal Embeddings G1 body; see `Family`. Of a text and an image, the average.

    https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-mm.html, but for ``message``,
    which outputs of batches have not.
    """
    permit(body, ("inputText", "inputImage", "embeddingConfig"))
    given = [required(body, key, str) for key in ("inputText", "inputImage") if body.get(key) is not None]
    if not given:
        raise malformed("#: required key [inputText] or [inputImage] not found")
    length = section(body, "embeddingConfig").get("outputEmbeddingLength", _LENGTHS[0])
    length = one_of(length, _LENGTHS, "#/embeddingConfig/outputEmbeddingLength")
    vectors = [embed(each, length) for each in given]
    vector = [sum(values) / len(vectors) for values in zip(*vectors, strict=True)]
    tokens = len((body.get("inputText") or "").split())
    return Answer({"embedding": vector, "inputTextTokenCount": tokens}, tokens, 0)
