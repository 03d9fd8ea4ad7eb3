"""The body for a model that is not known: only what may refer to media, or cache, is looked for."""

from msgspec import UNSET, Struct

from bedrock_batch.records.checking.shapes.values import Optional


class AnyPart(Struct, gc=False):
    """One part of a message, such as a text, an image, or a document."""

    cachePoint: None = None  # noqa: N815 - the API's name
    cache_control: None = None
    image: None = None
    video: None = None
    document: None = None
    audio: None = None
    toolResult: "Optional[AnyToolResult]" = UNSET  # noqa: N815 - the API's name


class AnyToolResult(Struct, gc=False):
    """What a tool has answered: parts within a part, and so may be its media."""

    content: Optional[list[AnyPart]] = UNSET


class AnyMessage(Struct, gc=False):
    """A message of a model that is not known."""

    content: str | list[AnyPart] | None = None


class AnyBody(Struct, gc=False):
    """The body; those who do not fit are looked at one by one."""

    messages: Optional[list[AnyMessage]] = UNSET
    system: Optional[str | list[AnyPart]] = UNSET
    mediaSource: None = None  # noqa: N815 - the API's name (TwelveLabs)
    singleEmbeddingParams: None = None  # noqa: N815 - the API's name (Amazon Nova embeddings)
    segmentedEmbeddingParams: None = None  # noqa: N815 - the same
