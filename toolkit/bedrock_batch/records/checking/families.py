"""Which model takes which shape of body."""

import re
from dataclasses import dataclass

from msgspec import Struct

from bedrock_batch.records.checking.shapes import (
    Chat,
    ClaudeMessages,
    CohereChat,
    CohereEmbed,
    Converse,
    NovaMessages,
    Prompt,
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
    """

    name: str
    models: str
    shapes: tuple[type[Struct], ...]


#: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html has a page for each.
FAMILIES = (
    Family("Anthropic Claude", r"anthropic\.claude", (ClaudeMessages,)),
    Family("Amazon Nova", r"amazon\.nova-(?:\d+-)?(?:micro|lite|pro|premier)", (NovaMessages,)),
    Family("Amazon Titan Text", r"amazon\.titan-(?:embed-)?text", (TitanText,)),
    Family("Meta Llama", r"meta\.llama", (Prompt,)),
    Family("Mistral AI", r"mistral\.", (Chat, Prompt)),
    Family("Cohere Command R", r"cohere\.command-r", (CohereChat,)),
    Family("Cohere Command", r"cohere\.command", (Prompt,)),
    Family("Cohere Embed", r"cohere\.embed", (CohereEmbed,)),
    Family("DeepSeek", r"deepseek\.", (Chat, Prompt)),
    Family("OpenAI", r"openai\.", (Chat,)),
    Family("Qwen", r"qwen\.", (Chat,)),
)

CONVERSE = Family("Converse", "", (Converse,))


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

    Examples
    --------
    >>> family_of("us.amazon.nova-lite-v1:0", None).name
    'Amazon Nova'
    >>> family_of("anthropic.claude-haiku-4-5-20251001-v1:0", "Converse").name
    'Converse'
    """
    if invocation_type == "Converse":
        return CONVERSE
    matching = (family for family in FAMILIES if model and re.search(rf"(?:^|[./]){family.models}", model))
    return next(matching, None)
