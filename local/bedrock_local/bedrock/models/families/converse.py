"""The Converse API: one format for all models."""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from bedrock_local.bedrock.models.backends.backend import Backend
from bedrock_local.bedrock.models.families.body import conversation, prompt
from bedrock_local.bedrock.models.families.schema import malformed, permit, permit_blocks, permit_roles, section
from bedrock_local.bedrock.models.invocation import Answer, RefusedError

# In batch output every member of the union is spelled out, null where unused.
_CONTENT_MEMBERS = (
    "text",
    "image",
    "document",
    "video",
    "audio",
    "toolUse",
    "toolResult",
    "guardContent",
    "cachePoint",
    "reasoningContent",
    "citationsContent",
    "searchResult",
)
_CONTENT_KEYS = frozenset(_CONTENT_MEMBERS)
# The same counters under two spellings.
_NO_CACHE = dict.fromkeys(
    ("cacheReadInputTokens", "cacheReadInputTokenCount", "cacheWriteInputTokens", "cacheWriteInputTokenCount")
)


def converse(body: Mapping[str, Any], backend: Backend, model_id: str) -> Answer:  # noqa: ARG001 -- a Family
    """Answer a request; see `Family`."""
    permit_blocks(body, _CONTENT_KEYS)
    permit_roles(body, ("user", "assistant", "system"))
    config = section(body, "inferenceConfig")
    permit(config, ("maxTokens", "temperature", "topP", "stopSequences"), "#/inferenceConfig")
    completion = backend.complete(
        prompt(
            conversation(body),
            config.get("maxTokens"),
            config.get("temperature"),
            config.get("topP"),
            config.get("stopSequences"),
        )
    )
    response = {
        "output": {"message": {"role": "assistant", "content": [{"text": completion.text}]}},
        "stopReason": "max_tokens" if completion.truncated else "end_turn",
        "usage": {
            "inputTokens": completion.input_tokens,
            "outputTokens": completion.output_tokens,
            "totalTokens": completion.input_tokens + completion.output_tokens,
        },
    }
    return Answer(response, completion.input_tokens, completion.output_tokens)


def record(body: Mapping[str, Any], backend: Backend, model_id: str) -> Answer:
    """Answer the record of a job, which may ask for less, and is told more; see `Family`."""
    if "modelId" in body:
        raise malformed("#: extraneous key [modelId] is not permitted")
    if body.get("toolConfig") is not None:
        # https://docs.aws.amazon.com/bedrock/latest/userguide/batch-inference.html; the words are seen.
        raise RefusedError(400, "Tool use is not supported for batch inference Converse requests.")
    answer = converse(body, backend, model_id)
    message, usage = answer.body["output"]["message"], answer.body["usage"]
    content = [{**dict.fromkeys(_CONTENT_MEMBERS), **block} for block in message["content"]]
    spelled_out = {"output": {"message": {**message, "content": content}}, "usage": {**usage, **_NO_CACHE}}
    return replace(answer, body={**answer.body, **spelled_out})
