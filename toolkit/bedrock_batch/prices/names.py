"""What AWS's Price List calls the models: never by the ids that jobs name them by.

An id and a name are the same if they have the same words and numbers, in any order: "Claude 3.5 Haiku" and
``anthropic.claude-3-5-haiku-20241022-v1:0``, "Llama 3.3 70B" and ``meta.llama3-3-70b-instruct-v1:0``. Where that does
not hold, the name is told here, as lists of September 2026 have it.
"""

from __future__ import annotations

import re

_OTHERWISE = {
    "amazon.nova-2-lite-v1:0": ("Nova 2.0 Lite",),
    "amazon.nova-2-multimodal-embeddings-v1:0": ("Nova MME", "NovaMultiModalEmbeddings"),
    "amazon.titan-embed-image-v1": ("TitanEmbeddingsG1-Image",),
    "amazon.titan-embed-text-v1": ("TitanEmbeddingsG1-Text",),
    "amazon.titan-embed-text-v2:0": ("TitanEmbeddingV2-Text",),
    "anthropic.claude-3-5-sonnet-20241022-v2:0": ("Claude 3.5 Sonnet v2",),
    "deepseek.v3-v1:0": ("DeepSeek V3.1",),
    "mistral.devstral-2-123b": ("Devstral",),
    "mistral.magistral-small-2509": ("Magistral Small 1.2",),
    "mistral.ministral-3-14b-instruct": ("Ministral 14B 3.0",),
    "mistral.ministral-3-3b-instruct": ("Ministral 3B 3.0",),
    "mistral.ministral-3-8b-instruct": ("Ministral 8B 3.0",),
    "mistral.mistral-large-3-675b-instruct": ("Mistral Large 3",),
    "mistral.mistral-small-2402-v1:0": ("Mistral Small",),
    "mistral.voxtral-mini-3b-2507": ("Voxtral Mini 1.0",),
    "mistral.voxtral-small-24b-2507": ("Voxtral Small 1.0",),
    "nvidia.nemotron-nano-12b-v2": ("NVIDIA Nemotron Nano 2 VL",),
    "nvidia.nemotron-nano-9b-v2": ("NVIDIA Nemotron Nano 2",),
}
_EDITION = re.compile(r"\s*\(Amazon Bedrock Edition\)\s*$")
# Of the id: a date, a version, how much it reads. Which of them a model has, its name in the list does not say.
_NOT_NAMED = re.compile(r"-\d{8}(?=-|$)|-v\d+(?::\w+)*$|-\d+(?::\w+)+$|(?<=-)(?:instruct|it)(?=-|$)")
_WORDS = re.compile(r"[a-z]+|\d+")

Key = tuple[str, ...]


def keys_of_model(model_id: str) -> frozenset[Key]:
    """Return what the names of a model in the list may come to.

    Parameters
    ----------
    model_id : str
        The id of a foundation model, without an inference profile's geography.
    """
    if names := _OTHERWISE.get(model_id):
        return frozenset(map(key_of_name, names))
    short = _NOT_NAMED.sub("", model_id)
    return frozenset((key_of_name(short.partition(".")[2]), key_of_name(short)))


def key_of_name(name: str) -> Key:
    """Return the words and numbers of a name, by which it is compared.

    Examples
    --------
    >>> key_of_name("Claude 3.5 Haiku (Amazon Bedrock Edition)")
    ('3', '5', 'claude', 'haiku')
    """
    return tuple(sorted(_WORDS.findall(_EDITION.sub("", name).lower())))
