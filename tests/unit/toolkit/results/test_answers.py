"""What response bodies say beside their text."""

from typing import Any

import pytest

from bedrock_batch.results.output.response import answers_of
from bedrock_local.bedrock.models.backends.echo import Echo
from bedrock_local.bedrock.models.families import family_of

TURNS = [{"role": "user", "content": [{"text": "one two three"}]}]
PLAIN = [{"role": "user", "content": "one two three"}]

BODIES = {
    "anthropic.claude-x": {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 9, "messages": PLAIN},
    "amazon.nova-lite-v1:0": {"messages": TURNS},
    "amazon.titan-text-lite-v1": {"inputText": "one two three"},
    "meta.llama3-8b-instruct-v1:0": {"prompt": "one two three"},
    "deepseek.r1-v1:0": {"messages": PLAIN},
    "mistral.large": {"messages": PLAIN},
}


@pytest.mark.parametrize("model", BODIES)
def test_text_tokens_and_stop_reason_of_each_family(model: str) -> None:
    answers = answers_of([family_of(model, "InvokeModel")(BODIES[model], Echo(), model).body])
    assert (answers.text, answers.input_tokens, answers.output_tokens) == (["one two three"], [3], [3])
    assert answers.stop_reason[0] in {"end_turn", "stop", "FINISH"}
    assert answers.embeddings == [None]


def test_converse_tells_its_latency_too() -> None:
    body = family_of("any", "Converse")({"messages": TURNS}, Echo(), "any").body
    answers = answers_of([body, {**body, "metrics": {"latencyMs": 417}}])
    assert (answers.text, answers.stop_reason) == (["one two three"] * 2, ["end_turn"] * 2)
    assert (answers.input_tokens, answers.output_tokens, answers.latency_ms) == ([3, 3], [3, 3], [None, 417])


@pytest.mark.parametrize(
    ("body", "vectors", "tokens"),
    [
        ({"embedding": [0.5, 1], "inputTextTokenCount": 2}, [[0.5, 1]], 2),
        ({"embeddingsByType": {"binary": [0, 1]}, "inputTextTokenCount": 2}, [[0, 1]], 2),
        ({"embeddings": [[0.5], [0.25]], "texts": ["a", "b"]}, [[0.5], [0.25]], None),
        ({"embeddings": {"float": [[0.5], [0.25]]}}, [[0.5], [0.25]], None),
        ({"embeddings": [{"embeddingType": "TEXT", "embedding": [0.5]}]}, [[0.5]], None),
        ({"embeddings": []}, None, None),
    ],
)
def test_the_vectors_of_embeddings(body: dict[str, Any], vectors: list[list[float]] | None, tokens: int | None) -> None:
    answers = answers_of([body])
    assert (answers.text, answers.embeddings, answers.input_tokens) == ([None], [vectors], [tokens])


@pytest.mark.parametrize(
    "body", [None, [], "text", 1, {"usage": None}, {"usage": {"inputTokens": "3"}}, {"content": 1}]
)
def test_a_body_of_no_known_shape_says_nothing(body: object) -> None:
    *columns, odd = answers_of([body])
    assert columns == [[None]] * 8
    assert odd == {}
