"""The shapes of a request body, by model family: what AWS documents as required, and no more.

A member of the type None may not be there, or is looked at in another way. What is not named is left undecoded, texts
above all: that is most of the work saved.
"""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

_AT_LEAST_ONE = Meta(min_length=1)

#: Not sure to be wrong.
CACHING = frozenset({"cachePoint", "cache_control"})
#: Where references to S3 can be.
MEDIA = frozenset(
    {"image", "video", "document", "audio", "mediaSource", "singleEmbeddingParams", "segmentedEmbeddingParams"}
)
#: What the shapes refuse, so that a record with it is looked at on its own, without being wrong for it.
ASIDE = CACHING | MEDIA


class Part(Struct, gc=False):
    """One part of a message, such as a text, an image, or a document."""

    cachePoint: None = None  # noqa: N815 - the API's name
    cache_control: None = None
    image: None = None
    video: None = None
    document: None = None
    audio: None = None
    toolResult: "ToolResult | UnsetType" = UNSET  # noqa: N815 - the API's name


class ToolResult(Struct, gc=False):
    """What a tool has answered: parts within a part, and so may be its media."""

    content: list[Part] | UnsetType = UNSET


class TypedPart(Part, gc=False, kw_only=True):
    """A part that says what it is."""

    type: str


class NovaMessage(Struct, gc=False):
    """A message whose content is always a list."""

    role: Literal["user", "assistant"]
    content: list[Part]


class ClaudeMessage(Struct, gc=False):
    """A message whose content is a text, or parts that say what they are."""

    role: str
    content: str | list[TypedPart]


class ChatMessage(Struct, gc=False):
    """A message as most other models take it."""

    role: str
    content: str | list[Part] | None = None


class ClaudeMessages(Struct, gc=False):
    """Anthropic Claude: page "Anthropic Claude Messages API"."""

    anthropic_version: Literal["bedrock-2023-05-31"]
    max_tokens: int
    messages: Annotated[list[ClaudeMessage], _AT_LEAST_ONE]
    system: str | list[Part] | UnsetType = UNSET
    model: None = None
    modelId: None = None  # noqa: N815 - the API's name


class NovaMessages(Struct, gc=False):
    """Amazon Nova: page "Complete request schema" of its user guide."""

    messages: Annotated[list[NovaMessage], _AT_LEAST_ONE]
    system: list[Part] | UnsetType = UNSET
    anthropic_version: None = None


class InferenceConfig(Struct, gc=False):
    """The parameters that Converse has for every model."""

    maxTokens: int | UnsetType = UNSET  # noqa: N815 - the API's name
    temperature: float | UnsetType = UNSET
    topP: float | UnsetType = UNSET  # noqa: N815 - the API's name
    stopSequences: list[str] | UnsetType = UNSET  # noqa: N815 - the API's name


class Converse(Struct, gc=False):
    """Any model through Converse: page "Converse" of the API reference, without the model's id."""

    messages: Annotated[list[NovaMessage], _AT_LEAST_ONE]
    system: list[Part] | UnsetType = UNSET
    inferenceConfig: InferenceConfig | UnsetType = UNSET  # noqa: N815 - the API's name
    toolConfig: None = None  # noqa: N815 - the API's name
    modelId: None = None  # noqa: N815 - the API's name
    anthropic_version: None = None


class Chat(Struct, gc=False):
    """Models that take OpenAI's chat completions: OpenAI, Qwen, DeepSeek, newer Mistral."""

    messages: Annotated[list[ChatMessage], _AT_LEAST_ONE]
    anthropic_version: None = None


class Prompt(Struct, gc=False):
    """Meta Llama, older Mistral and Cohere, DeepSeek-R1."""

    prompt: str


class TitanText(Struct, gc=False):
    """Amazon Titan Text and Titan Text Embeddings."""

    inputText: str  # noqa: N815 - the API's name


class CohereChat(Struct, gc=False):
    """Cohere Command R."""

    message: str


class CohereEmbed(Struct, gc=False):
    """Cohere Embed."""

    input_type: str


class AnyMessage(Struct, gc=False):
    """A message of a model that is not known."""

    content: str | list[Part] | None = None


class AnyBody(Struct, gc=False):
    """The body for a model that is not known; those who do not fit are looked at one by one."""

    messages: list[AnyMessage] | UnsetType = UNSET
    system: str | list[Part] | UnsetType = UNSET
    mediaSource: None = None  # noqa: N815 - the API's name (TwelveLabs)
    singleEmbeddingParams: None = None  # noqa: N815 - the API's name (Amazon Nova embeddings)
    segmentedEmbeddingParams: None = None  # noqa: N815 - the same
