"""Models that turn texts and media into vectors.

Amazon Titan: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-text.html and
https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-mm.html; Amazon Nova:
https://docs.aws.amazon.com/nova/latest/userguide/embeddings-schema.html; Cohere:
https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-embed-v3.html and
https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-embed-v4.html; TwelveLabs:
https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-marengo.html
"""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Raw, Struct

from bedrock_batch.records.checking.shapes.blocks import Source
from bedrock_batch.records.checking.shapes.values import (
    Camel,
    CamelBody,
    NotEmpty,
    Optional,
    Skipped,
    SnakeBody,
    Tokens,
)

_Types = list[Literal["float", "int8", "uint8", "binary", "ubinary", "base64"]]
_Texts = Annotated[list[str], Meta(max_length=96)]


class TitanEmbedding(CamelBody, kw_only=True):
    """Amazon Titan Embeddings G1 - Text."""

    input_text: NotEmpty


class TitanEmbeddingV2(CamelBody, kw_only=True):
    """Amazon Titan Text Embeddings V2. A longer text is seen to be refused: "expected maxLength: 50000"."""

    input_text: Annotated[str, Meta(min_length=1, max_length=50_000)]
    dimensions: Optional[Literal[256, 512, 1024]] = UNSET
    normalize: Optional[bool] = UNSET
    embedding_types: Optional[list[Literal["float", "binary"]]] = UNSET


class EmbeddingConfig(Camel):
    """How long a vector is."""

    output_embedding_length: Optional[Literal[256, 384, 1024]] = UNSET


class TitanTextAndImage(CamelBody, kw_only=True):
    """Amazon Titan Multimodal Embeddings G1, of a text or both."""

    input_text: NotEmpty
    input_image: Skipped = UNSET
    embedding_config: Optional[EmbeddingConfig] = UNSET


class TitanImage(CamelBody, kw_only=True):
    """Amazon Titan Multimodal Embeddings G1, of an image."""

    input_image: Raw
    embedding_config: Optional[EmbeddingConfig] = UNSET


class NovaText(Camel):
    """A text for Amazon Nova."""

    truncation_mode: Literal["START", "END", "NONE"]
    value: Optional[NotEmpty] = UNSET
    source: Optional[Source] = UNSET
    segmentation_config: Skipped = UNSET


class NovaMedium(Camel):
    """An image, a sound or a video for Amazon Nova."""

    format: Literal[
        "png",
        "jpeg",
        "gif",
        "webp",
        "mp3",
        "wav",
        "ogg",
        "mp4",
        "mov",
        "mkv",
        "webm",
        "flv",
        "mpeg",
        "mpg",
        "wmv",
        "3gp",
    ]
    source: Source
    detail_level: Optional[Literal["STANDARD_IMAGE", "DOCUMENT_IMAGE"]] = UNSET
    embedding_mode: Optional[Literal["AUDIO_VIDEO_COMBINED", "AUDIO_VIDEO_SEPARATE"]] = UNSET
    segmentation_config: Skipped = UNSET


class NovaEmbeddingParams(Camel):
    """What becomes a vector of Amazon Nova."""

    embedding_purpose: Literal[
        "GENERIC_INDEX",
        "GENERIC_RETRIEVAL",
        "TEXT_RETRIEVAL",
        "IMAGE_RETRIEVAL",
        "VIDEO_RETRIEVAL",
        "DOCUMENT_RETRIEVAL",
        "AUDIO_RETRIEVAL",
        "CLASSIFICATION",
        "CLUSTERING",
    ]
    embedding_dimension: Optional[Literal[256, 384, 1024, 3072]] = UNSET
    text: Optional[NovaText] = UNSET
    image: Optional[NovaMedium] = UNSET
    audio: Optional[NovaMedium] = UNSET
    video: Optional[NovaMedium] = UNSET


class NovaEmbedding(CamelBody, kw_only=True):
    """Amazon Nova Multimodal Embeddings."""

    task_type: Literal["SINGLE_EMBEDDING"]
    single_embedding_params: NovaEmbeddingParams
    schema_version: Optional[Literal["nova-multimodal-embed-v1"]] = UNSET


class NovaSegments(CamelBody, kw_only=True):
    """Amazon Nova Multimodal Embeddings, of parts of something long."""

    task_type: Literal["SEGMENTED_EMBEDDING"]
    segmented_embedding_params: NovaEmbeddingParams
    schema_version: Optional[Literal["nova-multimodal-embed-v1"]] = UNSET


class CohereEmbed(SnakeBody, kw_only=True):
    """Cohere Embed 3 of texts."""

    texts: _Texts
    input_type: Literal["search_document", "search_query", "classification", "clustering"]
    truncate: Optional[Literal["NONE", "START", "END"]] = UNSET
    embedding_types: Optional[_Types] = UNSET


class CohereEmbedImages(SnakeBody, kw_only=True):
    """Cohere Embed 3 of an image."""

    images: Annotated[list[NotEmpty], Meta(max_length=1)]
    input_type: Literal["image"]
    truncate: Optional[Literal["NONE", "START", "END"]] = UNSET
    embedding_types: Optional[_Types] = UNSET


class CohereEmbedV4(SnakeBody, kw_only=True):
    """What all inputs of Cohere Embed 4 have in common."""

    input_type: Literal["search_document", "search_query", "classification", "clustering", "image"]
    embedding_types: Optional[_Types] = UNSET
    output_dimension: Optional[Literal[256, 512, 1024, 1536]] = UNSET
    max_tokens: Optional[Tokens] = UNSET
    # AWS names the sides, Cohere's own pages the ends.
    truncate: Optional[Literal["NONE", "LEFT", "RIGHT", "START", "END"]] = UNSET


class CohereEmbedV4Texts(CohereEmbedV4, kw_only=True):
    """Cohere Embed 4 of texts."""

    texts: _Texts


class CohereEmbedV4Images(CohereEmbedV4, kw_only=True):
    """Cohere Embed 4 of images."""

    images: _Texts


class CohereEmbedV4Inputs(CohereEmbedV4, kw_only=True):
    """Cohere Embed 4 of texts and images together."""

    inputs: list[Raw]


class MediaSource(Camel):
    """Where a medium for TwelveLabs comes from."""

    base64_string: Skipped = UNSET
    s3_location: None = None


class MarengoInput(Struct, gc=False, rename="camel"):
    """What Marengo Embed 3 makes a vector of."""

    media_source: Optional[MediaSource] = UNSET
    media_sources: Optional[list[MediaSource]] = UNSET


class Marengo(CamelBody, kw_only=True):
    """TwelveLabs Marengo Embed."""

    input_type: Literal["text", "image", "video", "audio", "text_image", "multi_input"]
    input_text: Optional[NotEmpty] = UNSET
    media_source: Optional[MediaSource] = UNSET
    text: Optional[MarengoInput] = UNSET
    image: Optional[MarengoInput] = UNSET
    text_image: Optional[MarengoInput] = UNSET
    multi_input: Optional[MarengoInput] = UNSET
    video: Optional[MarengoInput] = UNSET
    audio: Optional[MarengoInput] = UNSET
    inference_id: Skipped = UNSET
    text_truncate: Optional[Literal["end", "none"]] = UNSET
    embedding_option: Skipped = UNSET
    start_sec: Optional[float] = UNSET
    length_sec: Optional[float] = UNSET
    use_fixed_length_sec: Optional[float] = UNSET
    min_clip_sec: Optional[float] = UNSET
