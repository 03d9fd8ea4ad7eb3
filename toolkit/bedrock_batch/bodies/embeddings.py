"""Bodies for models that turn what each message says into a vector.

https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-text.html,
https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-mm.html,
https://docs.aws.amazon.com/nova/latest/userguide/embeddings-schema.html,
https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-embed-v3.html,
https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-embed-v4.html
"""

from typing import Any

from bedrock_batch.bodies.losses import BodyError
from bedrock_batch.bodies.request import Image, Part, Request, Text

# Of Cohere, which takes as many in one body.
_MOST_TEXTS = 96


def write_titan(request: Request, lost: set[str]) -> dict[str, Any]:
    """Write a body for the first of Amazon Titan's text embeddings."""
    _lose(request, lost)
    return {"inputText": _text(_one(request))}


def write_titan_v2(request: Request, lost: set[str]) -> dict[str, Any]:
    """Write a body for Amazon Titan Text Embeddings V2."""
    return {"inputText": _text(_one(request)), **_dimensions(request, "dimensions", (256, 512, 1024), lost)}


def write_titan_multimodal(request: Request, lost: set[str]) -> dict[str, Any]:
    """Write a body for Amazon Titan Multimodal Embeddings G1: a text, an image, or both."""
    body: dict[str, Any] = {}
    for part in _parts(request):
        name = "inputImage" if isinstance(part, Image) else "inputText"
        if name in body:
            raise BodyError("has several texts or several images, and this model takes one of each; divide it")
        body[name] = _bytes(part) if isinstance(part, Image) else _text(part)
    length = _dimensions(request, "outputEmbeddingLength", (256, 384, 1024), lost)
    return {**body, "embeddingConfig": length} if length else body


def write_nova(request: Request, lost: set[str]) -> dict[str, Any]:
    """Write a body for Amazon Nova Multimodal Embeddings. A text that is too long fails, as OpenAI's does."""
    part = _one(request)
    if isinstance(part, Image):
        source: dict[str, Any] = {"bytes": part.data} if part.data else {"s3Location": {"uri": part.uri}}
        what: dict[str, Any] = {"image": {"format": part.format, "source": source}}
    else:
        what = {"text": {"truncationMode": "NONE", "value": _text(part)}}
    length = _dimensions(request, "embeddingDimension", (256, 384, 1024, 3072), lost)
    return {
        "taskType": "SINGLE_EMBEDDING",
        "singleEmbeddingParams": {"embeddingPurpose": "GENERIC_INDEX", **length, **what},
    }


def write_cohere_v3(request: Request, lost: set[str]) -> dict[str, Any]:
    """Write a body for Cohere Embed 3."""
    _lose(request, lost)
    return _cohere(request)


def write_cohere_v4(request: Request, lost: set[str]) -> dict[str, Any]:
    """Write a body for Cohere Embed 4."""
    return {**_cohere(request), **_dimensions(request, "output_dimension", (256, 512, 1024, 1536), lost)}


def _cohere(request: Request) -> dict[str, Any]:
    texts = [_text(part) for part in _parts(request)]
    if len(texts) > _MOST_TEXTS:
        raise BodyError(f"has {len(texts)} texts, and this model takes {_MOST_TEXTS} in one record; divide it")
    return {"texts": texts, "input_type": "search_document"}


def _parts(request: Request) -> list[Part]:
    parts = [part for message in request.messages for part in message.parts]
    if request.system:
        raise BodyError("has a system message, and embeddings are made of texts alone; remove it")
    if not parts:
        raise BodyError("has no text; give it one")
    return parts


def _one(request: Request) -> Part:
    parts = _parts(request)
    if len(parts) > 1:
        raise BodyError(f"has {len(parts)} texts, and this model takes one in each record; divide it")
    return parts[0]


def _text(part: Part) -> str:
    if not isinstance(part, Text):
        raise BodyError("has more than text, and this model takes text only; choose another model")
    if not part.text:
        raise BodyError("has an empty text, of which there is no vector; leave it out")
    return part.text


def _bytes(image: Image) -> str:
    if not image.data:
        raise BodyError("has an image in S3, and this model takes its bytes; give these")
    return image.data


def _dimensions(request: Request, name: str, known: tuple[int, ...], lost: set[str]) -> dict[str, int]:
    _lose(request, lost, "dimensions")
    wanted = request.others.get("dimensions")
    if wanted is not None and wanted not in known:
        choices = ", ".join(map(str, known))
        raise BodyError(f"wants a vector of {wanted} dimensions, and this model has {choices}; name one of these")
    return {} if wanted is None else {name: wanted}


def _lose(request: Request, lost: set[str], carried: str = "") -> None:
    settings = request.settings
    lost.update(name for name in ("max_tokens", "temperature", "top_p") if getattr(settings, name) is not None)
    if settings.stop:
        lost.add("stop")
    if request.tools:
        lost.add("tools")
    lost.update(name for name in request.others if name != carried)
