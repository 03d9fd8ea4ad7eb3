"""Which model takes which shape of body."""

import re
from dataclasses import dataclass

from msgspec import Struct

from bedrock_batch.errors import BedrockBatchError
from bedrock_batch.records.checking.shapes.chat import Chat
from bedrock_batch.records.checking.shapes.claude import (
    Claude,
    Claude41,
    Claude46,
    Claude47,
    NewClaude,
)
from bedrock_batch.records.checking.shapes.converse import Converse
from bedrock_batch.records.checking.shapes.embeddings import (
    CohereEmbed,
    CohereEmbedImages,
    CohereEmbedV4Images,
    CohereEmbedV4Inputs,
    CohereEmbedV4Texts,
    Marengo,
    NovaEmbedding,
    NovaSegments,
    TitanEmbedding,
    TitanEmbeddingV2,
    TitanImage,
    TitanTextAndImage,
)
from bedrock_batch.records.checking.shapes.nova import Nova
from bedrock_batch.records.checking.shapes.prompts import (
    CohereCommand,
    CohereCommandR,
    DeepSeekPrompt,
    Llama,
    MistralPrompt,
    Pegasus,
    TitanText,
)


@dataclass(frozen=True)
class Family:
    """Models whose bodies are alike.

    Attributes
    ----------
    name : str
        As AWS writes it.
    models : str
        A pattern that their ids begin with.
    shapes : tuple of type
        Each is taken.
    closed : bool
        Whether members that are not in the shapes are known to be refused. Default: nothing is known of them.
    unsure : frozenset of str
        Members that may be refused, or some of whose values may be, by their names on the way. Default: none.
    """

    name: str
    models: str
    shapes: tuple[type[Struct], ...]
    closed: bool = False
    unsure: frozenset[str] = frozenset()


# What Anthropic's own service takes, and Amazon Bedrock is not documented to.
_ANTHROPIC_ONLY = frozenset(
    {
        *("container", "diagnostics", "fallback_credit_token", "fallbacks", "inference_geo", "mcp_servers"),
        *("service_tier", "speed", "stream", "user_profile_id"),
    }
)
# Parts of messages differ between the models that take chat completions.
_PARTS = frozenset({"messages.content.type"})
# Nobody says what becomes of an empty one; through Converse it is refused.
_TEXT = frozenset({"messages.content.text"})
_CHAT_PROVIDERS = "ai21|google|minimax|moonshot|moonshotai|nvidia|openai|qwen|writer|zai"

#: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html has a page for each. "Malformed input
#: request: #: extraneous key […] is not permitted" is seen of the closed ones, and "Extra inputs are not permitted".
# The API field ``modelInvocationType``.
_INVOCATION_TYPES = ("InvokeModel", "Converse")

FAMILIES = (
    Family(
        "Anthropic Claude",
        r"anthropic\.claude-(?:opus-4-(?:[89]|1\d)(?!\d)|[a-z]+-[5-9])",
        (NewClaude,),
        closed=True,
        unsure=_ANTHROPIC_ONLY,
    ),
    Family("Anthropic Claude", r"anthropic\.claude-[a-z]+-4-7(?!\d)", (Claude47,), closed=True, unsure=_ANTHROPIC_ONLY),
    Family("Anthropic Claude", r"anthropic\.claude-[a-z]+-4-6(?!\d)", (Claude46,), closed=True, unsure=_ANTHROPIC_ONLY),
    # Those from 4.1 on are seen to refuse 'temperature' and 'top_p' together; a longer number is the date of 4.0.
    Family(
        "Anthropic Claude",
        r"anthropic\.claude-[a-z]+-4-\d(?!\d)",
        (Claude41,),
        closed=True,
        unsure=_ANTHROPIC_ONLY,
    ),
    Family("Anthropic Claude", r"anthropic\.claude", (Claude,), closed=True, unsure=_ANTHROPIC_ONLY),
    Family("Amazon Nova Multimodal Embeddings", r"amazon\.nova-[a-z0-9-]*embeddings", (NovaEmbedding, NovaSegments)),
    Family("Amazon Nova", r"amazon\.nova-(?:\d+-)?(?:micro|lite|pro|premier|omni)", (Nova,), closed=True, unsure=_TEXT),
    Family("Amazon Titan Text", r"amazon\.titan-(?:text|tg1)", (TitanText,), closed=True),
    Family("Amazon Titan Text Embeddings V2", r"amazon\.titan-embed-text-v2", (TitanEmbeddingV2,), closed=True),
    Family("Amazon Titan Embeddings G1", r"amazon\.titan-embed-(?:g1-)?text", (TitanEmbedding,), closed=True),
    Family(
        "Amazon Titan Multimodal Embeddings G1",
        r"amazon\.titan-embed-image",
        (TitanTextAndImage, TitanImage),
        closed=True,
    ),
    Family("Meta Llama", r"meta\.llama", (Llama,), closed=True),
    Family("Mistral AI", r"mistral\.", (Chat, MistralPrompt), unsure=_PARTS),
    Family("Cohere Command R", r"cohere\.command-r", (CohereCommandR,)),
    Family("Cohere Command", r"cohere\.command", (CohereCommand,)),
    Family("Cohere Embed v4", r"cohere\.embed-v4", (CohereEmbedV4Texts, CohereEmbedV4Images, CohereEmbedV4Inputs)),
    Family("Cohere Embed", r"cohere\.embed", (CohereEmbed, CohereEmbedImages)),
    Family("DeepSeek", r"deepseek\.", (Chat, DeepSeekPrompt), unsure=_PARTS),
    Family("TwelveLabs Pegasus", r"twelvelabs\.pegasus", (Pegasus,)),
    Family("TwelveLabs Marengo Embed", r"twelvelabs\.marengo", (Marengo,)),
    Family("OpenAI's chat completions", rf"(?:{_CHAT_PROVIDERS})\.", (Chat,), unsure=_PARTS),
)

#: The newest models have a role for the system in the middle of a conversation; others refuse it.
CONVERSE = Family("Converse", "", (Converse,), closed=True, unsure=frozenset({"messages.role"}))


def family_of(model: str | None, invocation_type: str | None) -> Family | None:
    """Tell what a job's bodies have to look like.

    Parameters
    ----------
    model : str or None
        The id or ARN of a model or inference profile.
    invocation_type : str or None
        The API field ``modelInvocationType``; None is the service's default, ``InvokeModel``.

    Returns
    -------
    Family or None
        None if that cannot be told: no model is given, or one that is not in the table.

    Raises
    ------
    BedrockBatchError
        If the invocation type is none of the service's.

    Examples
    --------
    >>> family_of("us.amazon.nova-lite-v1:0", None).name
    'Amazon Nova'
    >>> family_of("anthropic.claude-haiku-4-5-20251001-v1:0", "Converse").name
    'Converse'
    """
    if invocation_type not in (None, *_INVOCATION_TYPES):
        raise BedrockBatchError(
            f"'invocation_type' must be {' or '.join(_INVOCATION_TYPES)}, got {invocation_type!r}; choose one"
        )
    return CONVERSE if invocation_type == "Converse" else family_of_model(model)


def family_of_model(model: str | None) -> Family | None:
    """Tell which family a model is of.

    Parameters
    ----------
    model : str or None
        As in `family_of`.

    Returns
    -------
    Family or None
        None if that cannot be told.
    """
    matching = (family for family in FAMILIES if model and re.search(rf"(?:^|[./]){family.models}", model))
    return next(matching, None)
