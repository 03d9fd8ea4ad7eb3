"""The bodies of the model families, answered by the echo model."""

from typing import Any

import pytest

from bedrock_local.bedrock.models.backends.echo import Echo
from bedrock_local.bedrock.models.families import family_of
from bedrock_local.bedrock.models.invocation import RefusedError

TURNS = [{"role": "user", "content": [{"text": "one two three"}]}]
PLAIN_TURNS = [{"role": "user", "content": "one two three"}]
CLAUDE = {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 9, "messages": PLAIN_TURNS}


def invoke(model: str, body: dict, kind: str = "InvokeModel") -> Any:
    return family_of(model, kind)(body, Echo(), model)


def at(body: Any, path: str) -> Any:
    for step in path.split("."):
        body = body[int(step)] if step.isdigit() else body[step]
    return body


@pytest.mark.parametrize(
    ("model", "body", "text", "tokens"),
    [
        ("anthropic.claude-x", CLAUDE, "content.0.text", "usage.output_tokens"),
        ("amazon.nova-lite-v1:0", {"messages": TURNS}, "output.message.content.0.text", "usage.outputTokens"),
        ("amazon.titan-text-lite-v1", {"inputText": "one two three"}, "results.0.outputText", "results.0.tokenCount"),
        ("meta.llama3-8b-instruct-v1:0", {"prompt": "one two three"}, "generation", "generation_token_count"),
        ("deepseek.r1-v1:0", {"messages": PLAIN_TURNS}, "choices.0.message.content", "usage.completion_tokens"),
        ("nobody.new", {"messages": PLAIN_TURNS}, "choices.0.message.content", "usage.completion_tokens"),
        ("mistral.large", {"messages": PLAIN_TURNS}, "choices.0.message.content", "usage.completion_tokens"),
    ],
)
def test_each_family_answers_in_its_own_body_with_usage(model: str, body: dict, text: str, tokens: str) -> None:
    answer = invoke(model, body)
    assert at(answer.body, text) == "one two three"
    assert at(answer.body, tokens) == 3
    assert (answer.input_tokens, answer.output_tokens) == (3, 3)


@pytest.mark.parametrize(
    ("model", "body", "text"),
    [
        ("mistral.mistral-7b-instruct-v0:2", {"prompt": "hi"}, "outputs.0.text"),
        ("cohere.command-r-v1:0", {"message": "hi"}, "text"),
        ("cohere.command-text-v14", {"prompt": "hi"}, "generations.0.text"),
    ],
)
def test_families_without_usage_answer_the_text(model: str, body: dict, text: str) -> None:
    assert at(invoke(model, body).body, text) == "hi"


@pytest.mark.parametrize(
    ("model", "body", "reason", "expected"),
    [
        ("anthropic.claude-x", CLAUDE | {"max_tokens": 1}, "stop_reason", "max_tokens"),
        ("amazon.nova-lite-v1:0", {"messages": TURNS, "inferenceConfig": {"maxTokens": 1}}, "stopReason", "max_tokens"),
        (
            "amazon.nova-lite-v1:0",
            {"messages": TURNS, "inferenceConfig": {"max_new_tokens": 1}},
            "stopReason",
            "max_tokens",
        ),
        (
            "amazon.titan-text-lite-v1",
            {"inputText": "a b", "textGenerationConfig": {"maxTokenCount": 1}},
            "results.0.completionReason",
            "LENGTH",
        ),
        ("meta.llama3", {"prompt": "a b", "max_gen_len": 1}, "stop_reason", "length"),
        ("mistral.large", {"messages": PLAIN_TURNS, "max_tokens": 1}, "choices.0.stop_reason", "length"),
        ("deepseek.r1", {"messages": PLAIN_TURNS, "max_tokens": 1}, "choices.0.finish_reason", "length"),
        ("cohere.command-r", {"message": "a b", "max_tokens": 1}, "finish_reason", "MAX_TOKENS"),
    ],
)
def test_the_limit_of_tokens_is_kept_and_told(model: str, body: dict, reason: str, expected: str) -> None:
    assert at(invoke(model, body).body, reason) == expected


def test_embeddings_have_the_dimensions_asked_for_and_length_one() -> None:
    near, far = (
        invoke("amazon.titan-embed-text-v2:0", {"inputText": text, "dimensions": 256}).body["embedding"]
        for text in ("a red fox", "quantum field theory")
    )
    fox = invoke("amazon.titan-embed-text-v2:0", {"inputText": "the red fox", "dimensions": 256}).body["embedding"]
    assert len(fox) == 256
    assert sum(value * value for value in fox) == pytest.approx(1)
    assert sum(map(float.__mul__, fox, near)) > sum(map(float.__mul__, fox, far))


def test_cohere_embeds_every_text() -> None:
    body = invoke("cohere.embed-english-v3", {"texts": ["a", "b"], "input_type": "search_document"}).body
    assert [len(vector) for vector in body["embeddings"]] == [1024, 1024]


@pytest.mark.parametrize(
    ("model", "body", "message"),
    [
        ("anthropic.claude-x", {"max_tokens": 1, "messages": PLAIN_TURNS}, "anthropic_version: Field required"),
        ("anthropic.claude-x", CLAUDE | {"messages": []}, "at least one message"),
        ("anthropic.claude-x", CLAUDE | {"max_tokens": "many"}, "positive integer, got 'many'"),
        ("amazon.nova-lite-v1:0", {}, r"required key \[messages\] not found"),
        (
            "amazon.nova-lite-v1:0",
            {"messages": TURNS, "inferenceConfig": 1},
            "inferenceConfig: expected type: JSONObject, found: Integer",
        ),
        ("amazon.nova-lite-v1:0", {"messages": ["hi"]}, "each with role and content"),
        ("amazon.titan-text-lite-v1", {"inputText": 1}, "inputText: expected type: String, found: Integer"),
        ("amazon.titan-embed-text-v2:0", {"inputText": "a", "dimensions": 7}, "dimensions: 7"),
        ("meta.llama3", {"prompt": "a", "temperature": "hot"}, "temperature must be a number, got 'hot'"),
        ("cohere.embed-english-v3", {"texts": ["a"]}, "input_type"),
    ],
)
def test_a_body_of_another_shape_is_refused_with_what_is_wrong(model: str, body: dict, message: str) -> None:
    with pytest.raises(RefusedError, match=message) as error:
        invoke(model, body)
    assert error.value.code == 400


@pytest.mark.parametrize("model", ["anthropic.claude-sonnet-4-5-20250929-v1:0", "anthropic.claude-sonnet-5"])
def test_newer_claudes_take_temperature_or_top_p(model: str) -> None:
    with pytest.raises(RefusedError, match="`temperature` and `top_p` cannot both be specified"):
        invoke(model, CLAUDE | {"temperature": 0.5, "top_p": 0.5})
    assert invoke("anthropic.claude-sonnet-4-20250514-v1:0", CLAUDE | {"temperature": 0.5, "top_p": 0.5})


@pytest.mark.parametrize(
    ("model", "block", "kind"),
    [
        ("amazon.nova-lite-v1:0", {"cachePoint": {"type": "default"}}, "InvokeModel"),
        ("amazon.nova-lite-v1:0", {"cachePoint": {"type": "default"}}, "Converse"),
        ("anthropic.claude-x", {"type": "text", "text": "a", "cache_control": {"type": "ephemeral"}}, "InvokeModel"),
    ],
)
def test_prompt_caching_is_refused_in_the_words_of_the_service(model: str, block: dict, kind: str) -> None:
    body = {"messages": [{"role": "user", "content": [*TURNS[0]["content"], block]}]}
    body = {**CLAUDE, **body} if model.startswith("anthropic") else body
    with pytest.raises(RefusedError, match="your request did not allow prompt caching") as error:
        invoke(model, body, kind)
    assert error.value.code == 403


def test_embeddings_are_the_same_each_time() -> None:
    one, other = (invoke("amazon.titan-embed-text-v2:0", {"inputText": "the red fox"}).body for _ in range(2))
    assert one == other


def test_converse_takes_no_model_id() -> None:
    with pytest.raises(RefusedError, match="modelId"):
        invoke("amazon.nova-lite-v1:0", {"messages": TURNS, "modelId": "x"}, "Converse")
