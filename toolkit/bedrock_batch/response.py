"""A model's response body, in whichever shape its family answers."""

from typing import NamedTuple, TypeVar

_Path = tuple[str, ...]
Kind = TypeVar("Kind")


def _paths(*paths: str) -> tuple[_Path, ...]:
    return tuple(tuple(path.split(".")) for path in paths)


# Where each family keeps what it says: a name steps into an object, "0" takes the first element of a list, for families
# that can answer several times. No two shapes share a path, so the model need not be known. The shapes are those of
# "Inference request parameters and response fields for foundation models"
# (https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html) and of the API's ConverseResponse.
_TEXT = _paths(
    "output.message.content",  # Amazon Nova, and every model invoked through Converse
    "content",  # Anthropic Claude
    "results",  # Amazon Titan Text
    "generation",  # Meta Llama
    "choices.0.message.content",  # DeepSeek, OpenAI, Qwen, newer Mistral
    "choices.0.text",  # the same, answering a prompt instead of messages
    "outputs.0.text",  # older Mistral
    "generations.0.text",  # Cohere Command
    "text",  # Cohere Command R
)
_EMBEDDINGS = _paths(
    "embedding",  # Amazon Titan Embeddings
    "embeddingsByType.float",  # the same, asked for other types
    "embeddingsByType.binary",
    "embeddings",  # Cohere Embed; Amazon Nova Multimodal Embeddings
    "embeddings.float",  # Cohere Embed, asked for types
    "embeddings.int8",
    "embeddings.uint8",
    "embeddings.binary",
    "embeddings.ubinary",
)
_STOP_REASON = _paths(
    "stopReason",
    "stop_reason",
    "choices.0.finish_reason",
    "choices.0.stop_reason",
    "results.0.completionReason",
    "outputs.0.stop_reason",
    "generations.0.finish_reason",
    "finish_reason",
)
_INPUT_TOKENS = _paths(
    "usage.inputTokens",
    "usage.input_tokens",
    "usage.prompt_tokens",
    "inputTextTokenCount",
    "prompt_token_count",
    "meta.billed_units.input_tokens",
)
_OUTPUT_TOKENS = _paths(
    "usage.outputTokens",
    "usage.output_tokens",
    "usage.completion_tokens",
    "results.0.tokenCount",
    "generation_token_count",
    "meta.billed_units.output_tokens",
)
_LATENCY = _paths("metrics.latencyMs", "amazon-bedrock-invocationMetrics.invocationLatency")


class Answer(NamedTuple):
    """What a response body says, whatever its family.

    Attributes
    ----------
    text : str or None
        The text, its parts joined; None if the body has none, as with embeddings.
    embeddings : list of list of float, or None
        A vector for each text that was embedded: Amazon Titan has one, Cohere as many as the record has texts.
    stop_reason : str or None
        Why the model stopped, in the family's own word, such as ``end_turn`` or ``length``.
    input_tokens, output_tokens : int or None
        Tokens read and written; None if the body does not say.
    latency_ms : int or None
        Milliseconds that the model took; None if the body does not say, as with most families.
    """

    text: str | None = None
    embeddings: list[list[float]] | None = None
    stop_reason: str | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    latency_ms: int | None = None


def answer_of(body: object) -> Answer:
    """Take what a response body says out of it.

    Parameters
    ----------
    body : object
        The `modelOutput` of a record.

    Returns
    -------
    Answer
        All that is there; what is not is None.
    """
    text = text_of(body)
    return Answer(
        text,
        _embeddings(body) if text is None else None,
        _first(body, _STOP_REASON, str),
        _first(body, _INPUT_TOKENS, int),
        _first(body, _OUTPUT_TOKENS, int),
        _first(body, _LATENCY, int),
    )


def text_of(body: object) -> str | None:
    """Take the text out of a response body.

    Parameters
    ----------
    body : object
        The `modelOutput` of a record.

    Returns
    -------
    str or None
        The text, its parts joined; None if the body has none, as with embeddings.
    """
    for path in _TEXT:
        text = _joined(_at(body, path))
        if text is not None:
            return text
    return None


def _joined(value: object) -> str | None:
    """Join the parts of a text; parts of other kinds, such as a model's reasoning, are left out."""
    if not isinstance(value, list):
        return value if isinstance(value, str) else None
    parts = []
    for part in value:
        text = part.get("text", part.get("outputText")) if isinstance(part, dict) else None
        if isinstance(text, str):
            parts.append(text)
    return "".join(parts) if parts else None


def _embeddings(body: object) -> list[list[float]] | None:
    for path in _EMBEDDINGS:
        found = _at(body, path)
        if isinstance(found, list) and found:
            parts = [each["embedding"] if isinstance(each, dict) and "embedding" in each else each for each in found]
            return parts if isinstance(parts[0], list) else [found]
    return None


def _first(body: object, paths: tuple[_Path, ...], kind: type[Kind]) -> Kind | None:
    for path in paths:
        value = _at(body, path)
        if type(value) is kind:
            return value
    return None


def _at(value: object, path: _Path) -> object:
    for name in path:
        if isinstance(value, dict):
            value = value.get(name)
        elif name == "0" and isinstance(value, list) and value:
            value = value[0]
        else:
            return None
    return value
