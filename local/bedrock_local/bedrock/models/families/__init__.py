"""Model families: the request and response bodies that InvokeModel and Converse have for each.

https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from bedrock_local.bedrock.models.backends.backend import Backend
from bedrock_local.bedrock.models.families import amazon, anthropic, chat, cohere, converse, meta, mistral
from bedrock_local.bedrock.models.invocation import Answer

Family = Callable[[Mapping[str, Any], Backend, str], Answer]
"""Answers a body: (body, backend, model id) -> answer. Raises RefusedError."""

_BY_PREFIX: Mapping[str, Family] = MappingProxyType(
    {
        "amazon.nova": amazon.nova,
        "amazon.titan-embed-image": amazon.titan_multimodal,
        "amazon.titan-embed": amazon.titan_embeddings,
        "amazon.titan-text": amazon.titan_text,
        "anthropic.": anthropic.messages,
        "cohere.embed": cohere.embed,
        "cohere.": cohere.command,
        "meta.llama": meta.llama,
        "mistral.": mistral.mistral,
    }
)


def family_of(model_id: str, invocation_type: str) -> Family:
    """Choose the format of bodies.

    Parameters
    ----------
    model_id
        The foundation model's id.
    invocation_type
        ``InvokeModel`` or ``Converse``.

    Returns
    -------
    Family
        The model's own for InvokeModel. Models without one (DeepSeek, Qwen, gpt-oss, and whatever comes) take OpenAI's
        chat completions, as most of Bedrock's newer models do.
    """
    if invocation_type == "Converse":
        return converse.record
    return next((family for prefix, family in _BY_PREFIX.items() if model_id.startswith(prefix)), chat.chat)
