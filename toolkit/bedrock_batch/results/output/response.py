"""Models' response bodies, in whichever shape their family answers."""

from array import array
from collections.abc import Sequence
from math import hypot
from typing import Any, NamedTuple

from bedrock_batch.results.output.parts import Call, Said, called, said
from bedrock_batch.results.output.quick import Columns, quick_columns
from bedrock_batch.results.output.reasoning import apart
from bedrock_batch.results.output.shapes import Shapes, either, paths, strings, whole_numbers

# Where each family keeps what it says; of several answers, the first. No two shapes share a path, so the model need not
# be known. The shapes are those of
# "Inference request parameters and response fields for foundation models"
# (https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html) and of the API's ConverseResponse.
_TEXT = paths(
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
# Of what an answer that goes on with a prompt has no mark for.
_COMPLETION = paths("choices.0.text")
_REASONING = paths(
    "choices.0.message.reasoning_content",  # DeepSeek, Qwen, and others as vLLM answers
    "choices.0.message.reasoning",  # the same, of newer servers
)
_CALLS = paths(
    "choices.0.message.tool_calls",  # OpenAI, Qwen, DeepSeek, Mistral, AI21
    "tool_calls",  # Cohere Command R
)
_EMBEDDINGS = paths(
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
_STOP_REASON = paths(
    "stopReason",
    "stop_reason",
    "choices.0.finish_reason",
    "choices.0.stop_reason",
    "results.0.completionReason",
    "outputs.0.stop_reason",
    "generations.0.finish_reason",
    "finish_reason",
)
_INPUT_TOKENS = paths(
    "usage.inputTokens",
    "usage.input_tokens",
    "usage.prompt_tokens",
    "inputTextTokenCount",
    "prompt_token_count",
    "meta.billed_units.input_tokens",
)
_OUTPUT_TOKENS = paths(
    "usage.outputTokens",
    "usage.output_tokens",
    "usage.completion_tokens",
    "results.0.tokenCount",
    "generation_token_count",
    "meta.billed_units.output_tokens",
)
#: What a column of Parquet, and a reader of any format, can count to.
_LARGEST = 0x7FFF_FFFF_FFFF_FFFF
_LATENCY = paths("metrics.latencyMs", "amazon-bedrock-invocationMetrics.invocationLatency")


class Answers(NamedTuple):
    """What response bodies say, whatever their family: lists, with a value for each body.

    Attributes
    ----------
    text : list of str or None
        The answer, its parts joined; None if the body has none, as with embeddings.
    reasoning : list of str or None
        What the model thought before it answered; None if it does not say.
    tool_calls : list of list of Call, or None
        The tools that the model asks for; None if there are none.
    embeddings : list of list of list of float, or None
        A vector for each text that was embedded: Amazon Titan has one, Cohere as many as the record has texts.
    stop_reason : list of str or None
        Why the model stopped, in the family's own word, such as ``end_turn`` or ``length``.
    input_tokens, output_tokens : list of int or None
        Tokens read and written; None if the body does not say.
    latency_ms : list of int or None
        Milliseconds that the model took; None if the body does not say, as with most families.
    odd : dict of int to str
        What was left out of a body because no table can hold it.
    """

    text: list[str | None]
    reasoning: list[str | None]
    tool_calls: list[list[Call] | None]
    embeddings: list[list[list[float]] | None]
    stop_reason: list[str | None]
    input_tokens: list[int | None]
    output_tokens: list[int | None]
    latency_ms: list[int | None]
    odd: dict[int, str]


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
    quick = quick_columns(bodies)
    found = quick or _columns(shapes := Shapes(bodies))
    text, reasoning = found.text, found.reasoning
    for row, (thought, answer) in apart(text, () if quick else shapes.first(_COMPLETION, strings)).items():
        reasoning[row], text[row] = thought, answer
    odd: dict[int, str] = {}
    return Answers(
        text,
        reasoning,
        found.tool_calls,
        [None] * len(text) if quick or None not in text else _numbers(shapes.first(_EMBEDDINGS, _vectors), odd),
        found.stop_reason,
        _counts(found.input_tokens, "input tokens", odd),
        _counts(found.output_tokens, "output tokens", odd),
        _counts(found.latency_ms, "milliseconds", odd),
        odd,
    )


def _columns(shapes: Shapes) -> Columns:
    return Columns(
        *_message(shapes),
        shapes.first(_STOP_REASON, strings),
        shapes.first(_INPUT_TOKENS, whole_numbers),
        shapes.first(_OUTPUT_TOKENS, whole_numbers),
        shapes.first(_LATENCY, whole_numbers),
    )


def _message(shapes: Shapes) -> tuple[list[str | None], list[str | None], list[list[Call] | None]]:
    message: list[str | Said | None] = shapes.first(_TEXT, said)
    text: list[str | None] = message  # type: ignore[assignment]  # most often, and else replaced
    reasoning: list[str | None] = shapes.first(_REASONING, strings)
    calls: list[list[Call] | None] = shapes.first(_CALLS, called)
    if tuple in set(map(type, message)):
        parts = [each if isinstance(each, tuple) else (each, None, None) for each in message]
        text = [part[0] for part in parts]
        reasoning = either([part[1] for part in parts], reasoning)
        calls = either([part[2] for part in parts], calls)
    return text, reasoning, calls


def _vectors(values: Sequence[object]) -> list[list[list[float]] | None]:
    return [_embeddings(value) if isinstance(value, list) and value else None for value in values]


def _embeddings(found: list[Any]) -> list[list[float]]:
    parts = [each["embedding"] if isinstance(each, dict) and "embedding" in each else each for each in found]
    return parts if isinstance(parts[0], list) else [found]


def _numbers(embeddings: list[list[list[float]] | None], odd: dict[int, str]) -> list[list[list[float]] | None]:
    for row, vectors in enumerate(embeddings):
        if vectors and not all(map(_is_vector, vectors)):
            embeddings[row], odd[row] = None, "has an embedding that is no list of numbers, which was left out"
    return embeddings


def _is_vector(found: object) -> bool:
    try:
        # Quicker than to look at each number: none is larger than the whole vector is long.
        return hypot(*found) <= _LARGEST  # type: ignore[misc]  # what has no length is what is looked for
    except (TypeError, OverflowError):
        return False


def _counts(values: list[int | None], what: str, odd: dict[int, str]) -> list[int | None]:
    try:
        array("q", filter(None, values))
    except OverflowError:
        for row, value in enumerate(values):
            if value is not None and abs(value) > _LARGEST:
                values[row], odd[row] = None, f"counts more {what} than 64 bits hold, which was left out"
    return values
