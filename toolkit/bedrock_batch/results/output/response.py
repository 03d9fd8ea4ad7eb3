"""Models' response bodies, in whichever shape their family answers."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar

_Path = tuple[str, ...]
Value = TypeVar("Value")
# Of the values that a path leads to, those of one kind; None for the others.
_Kind = Callable[[Sequence[object]], list[Value | None]]


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


class Answers(NamedTuple):
    """What response bodies say, whatever their family: lists, with a value for each body.

    Attributes
    ----------
    text : list of str or None
        The text, its parts joined; None if the body has none, as with embeddings.
    embeddings : list of list of list of float, or None
        A vector for each text that was embedded: Amazon Titan has one, Cohere as many as the record has texts.
    stop_reason : list of str or None
        Why the model stopped, in the family's own word, such as ``end_turn`` or ``length``.
    input_tokens, output_tokens : list of int or None
        Tokens read and written; None if the body does not say.
    latency_ms : list of int or None
        Milliseconds that the model took; None if the body does not say, as with most families.
    """

    text: list[str | None]
    embeddings: list[list[list[float]] | None]
    stop_reason: list[str | None]
    input_tokens: list[int | None]
    output_tokens: list[int | None]
    latency_ms: list[int | None]


def answers_of(bodies: Sequence[object]) -> Answers:
    """Take what response bodies say out of them.

    Parameters
    ----------
    bodies : sequence of object
        The `modelOutput` of each record; None for one that has none.

    Returns
    -------
    Answers
        All that is there; what is not is None.
    """
    shapes = _Shapes(bodies)
    text = shapes.first(_TEXT, _texts)
    return Answers(
        text,
        shapes.first(_EMBEDDINGS, _vectors) if None in text else [None] * len(text),
        shapes.first(_STOP_REASON, _strings),
        shapes.first(_INPUT_TOKENS, _whole_numbers),
        shapes.first(_OUTPUT_TOKENS, _whole_numbers),
        shapes.first(_LATENCY, _whole_numbers),
    )


class _Shapes:
    """Bodies, of which all take a step together: a tenth of the calls that one body after the other takes."""

    def __init__(self, bodies: Sequence[object]) -> None:
        self._columns: dict[_Path, Sequence[Any]] = {(): bodies}
        self._names = {name for body in bodies if type(body) is dict for name in body}

    def first(self, paths: Sequence[_Path], kind: _Kind[Value]) -> list[Value | None]:
        """Give each body's value of the first path that leads to one of the right kind."""
        found: list[Value | None] | None = None
        for path in paths:
            if path[0] in self._names:
                values = kind(self._column(path))
                found = values if found is None else _either(found, values)
                if None not in found:
                    break
        return found or [None] * len(self._columns[()])

    def _column(self, path: _Path) -> Sequence[Any]:
        if path not in self._columns:
            self._columns[path] = _step(self._column(path[:-1]), path[-1])
        return self._columns[path]


def _either(first: Sequence[Value | None], then: Sequence[Value | None]) -> list[Value | None]:
    return [new if old is None else old for old, new in zip(first, then, strict=True)]


def _step(values: Sequence[Any], name: str) -> list[Any]:
    if name == "0":
        return [value[0] if type(value) is list and value else None for value in values]
    return [value.get(name) if type(value) is dict else None for value in values]


def _texts(values: Sequence[object]) -> list[str | None]:
    return [value if type(value) is str else _joined(value) for value in values]


def _joined(value: object) -> str | None:
    """Join the parts of a text; parts of other kinds, such as a model's reasoning, are left out."""
    parts = []
    for part in value if isinstance(value, list) else ():
        text = part.get("text", part.get("outputText")) if isinstance(part, dict) else None
        if isinstance(text, str):
            parts.append(text)
    return "".join(parts) if parts else None


def _vectors(values: Sequence[object]) -> list[list[list[float]] | None]:
    return [_embeddings(value) if isinstance(value, list) and value else None for value in values]


def _embeddings(found: list[Any]) -> list[list[float]]:
    parts = [each["embedding"] if isinstance(each, dict) and "embedding" in each else each for each in found]
    return parts if isinstance(parts[0], list) else [found]


def _strings(values: Sequence[object]) -> list[str | None]:
    return [value if type(value) is str else None for value in values]


def _whole_numbers(values: Sequence[object]) -> list[int | None]:
    return [value if type(value) is int else None for value in values]
