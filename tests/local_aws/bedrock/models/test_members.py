"""Members that a body may not have: the record fails, in the service's words."""

from typing import Any

import pytest

from bedrock_local.bedrock.models.invocation import RefusedError
from tests.local_aws.bedrock.models.test_families import CLAUDE, TURNS, invoke
from tests.local_aws.conftest import LocalAws, records

SONNET = "anthropic.claude-sonnet-4-5-20250929-v1:0"
NOVA = "amazon.nova-lite-v1:0"
TITAN = "amazon.titan-embed-image-v1"
TOOLS = {"tools": [{"toolSpec": {"name": "t", "inputSchema": {"json": {}}}}]}


def says(block: dict[str, Any], **turn: Any) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": [{"text": "a"}, block], **turn}]}


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"modelId": SONNET}, "modelId"),
        ({"model": SONNET}, "model"),
        ({"stream": True}, "stream"),
        ({"inferenceConfig": {}}, "inferenceConfig"),
        ({"messages": [{"role": "user", "content": "a", "name": "n"}]}, "messages.0.name"),
        (says({"type": "text", "text": "b", "id": 1}), "messages.0.content.1.text.id"),
        (says({"type": "image", "source": {}, "detail": "low"}), "messages.0.content.1.image.detail"),
        ({"system": [{"type": "text", "text": "s", "role": "system"}]}, "system.0.text.role"),
    ],
)
def test_claude_takes_no_unknown_member(changes: dict, path: str) -> None:
    with pytest.raises(RefusedError) as error:
        invoke(SONNET, CLAUDE | changes)
    assert (error.value.code, error.value.message) == (400, f"{path}: Extra inputs are not permitted")


@pytest.mark.parametrize(
    "changes",
    [
        {"system": "s", "temperature": 0.5, "top_k": 5, "stop_sequences": ["x"], "metadata": {"user_id": "u"}},
        {"tools": [{"name": "t", "input_schema": {"type": "object"}}], "tool_choice": {"type": "auto"}},
        {"output_config": {"format": {"type": "json_schema", "schema": {}}}},
        {"thinking": {"type": "enabled", "budget_tokens": 1024}, "anthropic_beta": ["context-1m-2025-08-07"]},
        says({"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": ""}}),
        says({"type": "tool_result", "tool_use_id": "x", "content": "y"}),
    ],
)
def test_claude_takes_tools_structured_output_and_what_else_is_documented(changes: dict) -> None:
    assert invoke(SONNET, CLAUDE | changes)


@pytest.mark.parametrize(
    ("model", "named"),
    [
        (SONNET, "claude-sonnet-4-5-20250929"),
        ("anthropic.claude-3-haiku-20240307-v1:0", "claude-3-haiku-20240307"),
        ("anthropic.claude-3-5-sonnet-20241022-v2:0", "claude-3-5-sonnet-20241022"),
        ("anthropic.claude-opus-4-6-v1", "claude-opus-4-6"),
        ("anthropic.claude-sonnet-4-6", "claude-sonnet-4-6"),
        ("anthropic.claude-v2:1", "claude-v2:1"),
    ],
)
def test_claudes_response_names_the_model_without_its_version(model: str, named: str) -> None:
    assert invoke(model, CLAUDE).body["model"] == named


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"max_tokens": 9}, "#: extraneous key [max_tokens] is not permitted"),
        ({"anthropic_version": "bedrock-2023-05-31"}, "#: extraneous key [anthropic_version] is not permitted"),
        (says({"type": "text", "text": "b"}), "#/messages/0/content/1: extraneous key [type] is not permitted"),
        (
            says({"image_url": {"url": "x"}}),
            "#/messages/0/content/1: extraneous key [image_url] is not permitted",
        ),
        (
            {"messages": [{"role": "user", "content": "a"}]},
            "#/messages/0/content: expected type: JSONArray, found: String",
        ),
    ],
)
def test_nova_takes_no_body_of_anothers(changes: dict, message: str) -> None:
    with pytest.raises(RefusedError) as error:
        invoke(NOVA, {"messages": TURNS} | changes)
    assert error.value.message.startswith(f"Malformed input request: {message}, please reformat")


@pytest.mark.parametrize(
    ("model", "body"),
    [
        ("meta.llama4-scout-17b-instruct-v1:0", {"prompt": "a", "max_tokens": 9}),
        ("amazon.titan-embed-text-v2:0", {"inputText": "a", "max_tokens": 9}),
        ("amazon.titan-text-lite-v1", {"inputText": "a", "max_tokens": 9}),
    ],
)
def test_other_families_of_the_same_validation_take_none_either(model: str, body: dict) -> None:
    with pytest.raises(RefusedError, match=r"#: extraneous key \[max_tokens\] is not permitted"):
        invoke(model, body)
    del body["max_tokens"]
    assert invoke(model, body | {"amazon-bedrock-guardrailConfig": {}})


def test_nova_takes_tools_and_a_schema_version() -> None:
    assert invoke(NOVA, {"schemaVersion": "messages-v1", "messages": TURNS, "toolConfig": TOOLS})


@pytest.mark.parametrize("model", ["openai.gpt-oss-20b-1:0", "deepseek.v3-v1:0", "mistral.mistral-large-2407-v1:0"])
@pytest.mark.parametrize("content", [{}, {"content": None}, {"content": ""}])
def test_a_turn_that_calls_tools_has_no_content_in_the_form_of_openai(model: str, content: dict) -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "t", "arguments": "{}"}}
    turns = [
        {"role": "user", "content": "Where?"},
        {"role": "assistant", "tool_calls": [call], **content},
        {"role": "tool", "tool_call_id": "c1", "content": "Bern"},
    ]
    assert invoke(model, {"messages": turns, "tools": [{"type": "function", "function": {"name": "t"}}]})
    with pytest.raises(RefusedError, match="each with role and content"):
        invoke(model, {"messages": [{"role": "assistant"}]})


def test_converse_takes_no_tools_in_a_batch_but_structured_output() -> None:
    with pytest.raises(RefusedError) as error:
        invoke(NOVA, {"messages": TURNS, "toolConfig": TOOLS}, "Converse")
    expected = "Tool use is not supported for batch inference Converse requests."
    assert (error.value.code, error.value.message) == (400, expected)
    assert invoke(NOVA, {"messages": TURNS, "outputConfig": {"textFormat": {}}, "toolConfig": None}, "Converse")


def test_converse_takes_lists_of_blocks_only() -> None:
    with pytest.raises(RefusedError, match="expected type: JSONArray, found: String"):
        invoke(NOVA, {"messages": [{"role": "user", "content": "a"}]}, "Converse")


@pytest.mark.parametrize(
    ("body", "length", "tokens"),
    [
        ({"inputText": "a red fox"}, 1024, 3),
        ({"inputImage": "aW1hZ2U="}, 1024, 0),
        ({"inputText": "a fox", "inputImage": "aW1h", "embeddingConfig": {"outputEmbeddingLength": 384}}, 384, 2),
    ],
)
def test_titan_multimodal_answers_a_vector_and_the_texts_tokens_and_no_more(
    body: dict, length: int, tokens: int
) -> None:
    answer = invoke(TITAN, body)
    assert set(answer.body) == {"embedding", "inputTextTokenCount"}
    assert (len(answer.body["embedding"]), answer.body["inputTextTokenCount"]) == (length, tokens)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, r"required key \[inputText\] or \[inputImage\] not found"),
        ({"inputText": "a", "dimensions": 256}, r"extraneous key \[dimensions\] is not permitted"),
        ({"inputText": "a", "embeddingConfig": {"outputEmbeddingLength": 512}}, "512 is not a valid enum value"),
        ({"inputText": "a", "embeddingConfig": {"outputEmbeddingLength": 384.0}}, "384.0 is not a valid enum value"),
        ({"inputImage": 1}, "inputImage: expected type: String, found: Integer"),
    ],
)
def test_titan_multimodal_refuses_other_bodies(body: dict, message: str) -> None:
    with pytest.raises(RefusedError, match=message):
        invoke(TITAN, body)


def test_a_record_with_tools_fails_and_the_others_go_on(aws: LocalAws) -> None:
    tools = b'{"recordId": "odd", "modelInput": {"messages": [], "toolConfig": {"tools": []}}}\n'
    bucket = aws.bucket({"in.jsonl": records(99) + tools})
    arn = aws.start(bucket, modelInvocationType="Converse")
    job = aws.end(arn)
    assert (job["status"], job["successRecordCount"], job["errorRecordCount"]) == ("Completed", 99, 1)
    (answer,) = [answer for answer in aws.answers(bucket, arn) if "error" in answer]
    assert answer["error"]["errorCode"] == 400
    assert answer["error"]["errorMessage"].startswith("Tool use is not supported for batch inference Converse")
