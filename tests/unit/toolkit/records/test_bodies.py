"""Bodies, held against what the model's family and the invocation type take."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.validate import ParamValidator

from bedrock_batch import CheckReport, RecordLimits, check

FEW = RecordLimits(min_records_per_job=1)
CLAUDE = "anthropic.claude-haiku-4-5-20251001-v1:0"
NOVA = "us.amazon.nova-lite-v1:0"

Body = dict[str, Any]


def asked(*parts: Body | str) -> list[Body]:
    return [{"role": "user", "content": [{"text": part} if isinstance(part, str) else part for part in parts]}]


CLAUDE_BODY: Body = {
    "anthropic_version": "bedrock-2023-05-31",
    "max_tokens": 10,
    "messages": [{"role": "user", "content": [{"type": "text", "text": "Hello"}]}],
}
CHAT_BODY: Body = {"messages": [{"role": "user", "content": "Hello"}], "max_tokens": 10}
CONVERSE_BODY: Body = {"messages": asked("Hello"), "inferenceConfig": {"maxTokens": 10}}


@pytest.fixture
def verdict(tmp_path: Path) -> Any:
    def check_body(body: object, model: str | None = None, invocation_type: str | None = None) -> CheckReport:
        file = tmp_path / "prompts.jsonl"
        file.write_text(json.dumps({"recordId": "1", "modelInput": body}))
        return check(file, limits=FEW, model=model, invocation_type=invocation_type)

    return check_body


@pytest.mark.parametrize(
    ("model", "body"),
    [
        (CLAUDE, CLAUDE_BODY),
        (CLAUDE, CLAUDE_BODY | {"system": "Be brief", "messages": [{"role": "user", "content": "Hello"}]}),
        (CLAUDE, CLAUDE_BODY | {"tools": [{"name": "weather", "input_schema": {}}], "tool_choice": {"type": "auto"}}),
        (NOVA, {"messages": asked("Hello"), "system": [{"text": "Be brief"}], "schemaVersion": "messages-v1"}),
        (NOVA, {"messages": asked({"image": {"format": "png", "source": {"bytes": "aGVsbG8="}}}, "What is it?")}),
        ("amazon.titan-text-express-v1", {"inputText": "Hello", "textGenerationConfig": {"maxTokenCount": 10}}),
        ("amazon.titan-embed-text-v2:0", {"inputText": "Hello", "dimensions": 256}),
        ("us.meta.llama3-2-1b-instruct-v1:0", {"prompt": "Hello", "max_gen_len": 10}),
        ("mistral.mistral-7b-instruct-v0:2", {"prompt": "<s>[INST] Hello [/INST]"}),
        ("mistral.ministral-3-8b-instruct", CHAT_BODY),
        ("cohere.command-r-v1:0", {"message": "Hello"}),
        ("cohere.command-text-v14", {"prompt": "Hello"}),
        ("cohere.embed-english-v3", {"texts": ["Hello"], "input_type": "search_document"}),
        ("deepseek.v3-v1:0", CHAT_BODY),
        ("openai.gpt-oss-20b-1:0", CHAT_BODY),
        ("qwen.qwen3-32b-v1:0", CHAT_BODY),
        (None, {"anything": 1}),
    ],
)
def test_a_body_of_the_models_family_is_taken(verdict: Any, model: str | None, body: Body) -> None:
    report = verdict(body, model)
    assert (report.problems, report.warnings) == ((), ())


@pytest.mark.parametrize(
    ("model", "body", "message"),
    [
        (
            CLAUDE,
            {name: CLAUDE_BODY[name] for name in ("max_tokens", "messages")},
            "1:33: 'modelInput' lacks 'anthropic_version', which Anthropic Claude requires; add it",
        ),
        (
            CLAUDE,
            CLAUDE_BODY | {"max_tokens": "10"},
            "'modelInput.max_tokens' must be a whole number for Anthropic Claude, got the string \"10\"; change it",
        ),
        (
            CLAUDE,
            CLAUDE_BODY | {"messages": []},
            "'modelInput.messages' is empty, and Anthropic Claude requires at least one; add one",
        ),
        (
            CLAUDE,
            CLAUDE_BODY | {"anthropic_version": "2023-06-01"},
            (
                "'modelInput.anthropic_version' must be \"bedrock-2023-05-31\" for Anthropic Claude, got the string "
                '"2023-06-01"; change it'
            ),
        ),
        (
            CLAUDE,
            CLAUDE_BODY | {"model": "claude-3-haiku"},
            "'modelInput.model' is not taken by Amazon Bedrock, which has the model from the job; remove it",
        ),
        (
            CLAUDE,
            CONVERSE_BODY,
            "(it looks like a body for Converse: set the invocation type Converse)",
        ),
        (
            CLAUDE,
            {"messages": asked({"image": {"format": "png", "source": {"bytes": "aGVsbG8="}}}, "What is it?")},
            "(it looks like a body for Converse: set the invocation type Converse)",
        ),
        (NOVA, CHAT_BODY, "'modelInput.messages[0].content' must be a list for Amazon Nova, got the string \"Hello\""),
        (NOVA, CLAUDE_BODY, "(it looks like a body of Anthropic Claude: check the model)"),
        ("meta.llama3-8b-instruct-v1:0", CHAT_BODY, "'modelInput' lacks 'prompt', which Meta Llama requires"),
        ("mistral.ministral-3-8b-instruct", {"messages": 1}, "'modelInput.messages' must be a list for Mistral AI"),
        ("cohere.embed-english-v3", {"texts": ["Hello"]}, "lacks 'input_type', which Cohere Embed requires"),
        (
            f"arn:aws:bedrock:us-east-1::foundation-model/{CLAUDE}",
            {"prompt": "Hello", "max_gen_len": 10},
            "(it looks like a body of Meta Llama: check the model)",
        ),
        (
            "arn:aws:bedrock:us-east-1:111122223333:custom-model/amazon.nova-lite-v1:0:300k/abc123",
            {"prompt": "Hello"},
            "'modelInput' lacks 'messages', which Amazon Nova requires",
        ),
    ],
)
def test_another_body_is_refused_with_what_to_change(verdict: Any, model: str, body: Body, message: str) -> None:
    (problem,) = verdict(body, model).problems
    assert message in str(problem)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (CONVERSE_BODY | {"modelId": NOVA}, "'modelInput.modelId' is the job's, and a record may not name another"),
        (CONVERSE_BODY | {"toolConfig": {"tools": []}}, "'modelInput.toolConfig' fails in batch inference through"),
        (CLAUDE_BODY, "(it looks like an InvokeModel body of Anthropic Claude: set the invocation type InvokeModel)"),
        ({"inputText": "Hello"}, "(it looks like an InvokeModel body of Amazon Titan: set the invocation type"),
    ],
)
def test_a_body_that_converse_does_not_take_is_refused(verdict: Any, body: Body, message: str) -> None:
    (problem,) = verdict(body, NOVA, "Converse").problems
    assert message in str(problem)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"messages": asked("Hello", {"cachePoint": {"type": "default"}})},
        {"messages": asked({"document": {"format": "pdf", "name": "a", "source": {"bytes": b""}}})},
        {"messages": "Hello"},
        {"messages": [{"role": "user"}]},
        {"messages": [{"content": []}]},
        {"messages": [{"role": "user", "content": "Hello"}]},
        {"messages": ["Hello"]},
        {"system": "Be brief"},
        {"system": [{"text": "Be brief"}]},
        {"inferenceConfig": 10},
        {"inferenceConfig": {"maxTokens": "10"}},
        {"inferenceConfig": {"temperature": 1, "topP": 0.5, "stopSequences": ["."]}},
        {"inferenceConfig": {"stopSequences": "."}},
        {"inferenceConfig": {"stopSequences": [""]}},
        {"inferenceConfig": {"max_tokens": 10}},
        {"inferenceConfig": {"maxTokens": 0}},
        {"max_tokens": 10},
        {"messages": asked({"type": "text", "text": "Hello"})},
        {"messages": asked({"toolUse": {"toolUseId": "a", "name": "b", "input": {}}})},
        {"messages": asked({"toolUse": {"toolUseId": "a", "name": "b"}})},
        {"messages": asked({"toolResult": {"toolUseId": "a", "content": [{"json": {}}], "status": "success"}})},
        {"messages": asked({"toolResult": {"content": []}})},
        {"messages": asked({"document": {"source": {"text": "a"}}})},
        {"messages": asked({"image": {"format": "png"}})},
        {"additionalModelRequestFields": {"top_k": 1}, "additionalModelResponseFieldPaths": ["/a"]},
        {"guardrailConfig": {"guardrailIdentifier": "a", "guardrailVersion": "1"}},
        {"guardrailConfig": {"id": "a"}},
        {"outputConfig": {"textFormat": {"type": "json_schema"}}},
        {"outputConfig": {"textFormat": {"type": "json_schema", "structure": {"jsonSchema": {"schema": "{}"}}}}},
        {"serviceTier": {"type": "flex"}, "performanceConfig": {"latency": "optimized"}, "requestMetadata": {"a": "b"}},
        {"serviceTier": {}},
        {"requestMetadata": {"a": 1}},
    ],
)
def test_converse_bodies_are_judged_as_botocore_judges_them(verdict: Any, change: Mapping[str, Any]) -> None:
    body = CONVERSE_BODY | dict(change)
    model = botocore.session.get_session().get_service_model("bedrock-runtime")
    shape = model.operation_model("Converse").input_shape
    oracle = ParamValidator().validate({**body, "modelId": NOVA}, shape)
    plain = json.loads(json.dumps(body, default=lambda _bytes: ""))
    assert verdict(plain, NOVA, "Converse").ok is not oracle.has_errors()


@pytest.mark.parametrize(
    ("model", "body", "place"),
    [
        (NOVA, {"messages": asked({"cachePoint": {"type": "default"}}, "Hello")}, "cachePoint"),
        (CLAUDE, CLAUDE_BODY | {"system": [{"type": "text", "text": "", "cache_control": {}}]}, "cache_control"),
        (None, {"messages": asked({"cachePoint": {"type": "default"}}, "Hello")}, "cachePoint"),
    ],
)
def test_a_cache_point_is_a_warning(verdict: Any, model: str | None, body: Body, place: str) -> None:
    report = verdict(body, model)
    assert report.ok
    (warning,) = report.warnings
    assert f"remove '{place}'" in warning.message
    line = json.dumps({"recordId": "1", "modelInput": body})
    assert warning.column is not None
    assert line[: warning.column - 1].endswith(f'"{place}": ')
    assert f"prompts.jsonl:1:{warning.column}: warning: " in str(report)


@pytest.mark.parametrize("model", [None, "zai.glm-4.7"])
def test_half_a_surrogate_pair_in_a_name_is_no_problem(verdict: Any, model: str | None) -> None:
    assert verdict(CHAT_BODY | {"mine \ud83d": {"\udc00": ["\ud83d"]}}, model).ok


def test_half_a_surrogate_pair_in_a_value_is_told_like_any_other_wrong_value(verdict: Any) -> None:
    (problem,) = verdict(CLAUDE_BODY | {"anthropic_version": "\ud83d"}, CLAUDE).problems
    assert problem.message.startswith("'modelInput.anthropic_version' must be ")


def test_a_body_that_lacks_something_of_its_own_family_is_not_called_another_familys(verdict: Any) -> None:
    body = {"max_tokens": 10, "messages": [{"role": "user", "content": "Hello"}]}
    (problem,) = verdict(body, CLAUDE).problems
    assert problem.message == "'modelInput' lacks 'anthropic_version', which Anthropic Claude requires; add it"


def test_a_prompt_that_several_families_take_is_called_nobodys(verdict: Any) -> None:
    assert "looks like" not in str(verdict({"prompt": "Hello"}, CLAUDE))


def test_chat_completions_are_called_so(verdict: Any) -> None:
    assert "it looks like a body of OpenAI's chat completions" in str(verdict(CHAT_BODY, NOVA))


@pytest.mark.parametrize("number", ["1e999", "-1e999", "1" * 400])
def test_a_number_that_no_float_holds_is_no_problem_of_the_reader(tmp_path: Path, number: str) -> None:
    file = tmp_path / "prompts.jsonl"
    body = json.dumps(CLAUDE_BODY | {"top_k": "HERE"}).replace('"HERE"', number)
    file.write_text(f'{{"modelInput": {body}}}\n')
    assert check(file, limits=FEW, model=CLAUDE).records == 1


@pytest.mark.parametrize(("number", "said"), [("1e999", "at most 1"), ("-1e999", "at least 0")])
def test_a_number_that_no_float_holds_is_still_too_large_or_too_small(tmp_path: Path, number: str, said: str) -> None:
    file = tmp_path / "prompts.jsonl"
    body = json.dumps(CLAUDE_BODY | {"temperature": "HERE"}).replace('"HERE"', number)
    file.write_text(f'{{"modelInput": {body}}}\n')
    (problem,) = check(file, limits=FEW, model=CLAUDE).problems
    assert f"'modelInput.temperature' must be a number of {said}" in problem.message


def test_a_wrong_body_among_right_ones_is_found_with_its_line(tmp_path: Path) -> None:
    bodies = [CLAUDE_BODY] * 3000
    bodies[2000] = CONVERSE_BODY
    file = tmp_path / "prompts.jsonl"
    file.write_text("".join(json.dumps({"recordId": str(n), "modelInput": b}) + "\n" for n, b in enumerate(bodies)))
    assert [problem.line for problem in check(file, model=CLAUDE).problems] == [2001]


def test_an_unknown_invocation_type_is_an_error() -> None:
    with pytest.raises(ValueError, match="must be InvokeModel or Converse, got 'converse'; choose one"):
        check("prompts.jsonl", invocation_type="converse")


def test_the_quota_of_the_model_counts(tmp_path: Path) -> None:
    file = tmp_path / "prompts.jsonl"
    file.write_text("".join(f'{{"recordId": "{n}", "modelInput": {{"prompt": "Hi"}}}}\n' for n in range(50)))
    assert check(file, model="us.meta.llama4-scout-17b-instruct-v1:0").ok
    assert not check(file, model="us.meta.llama4-maverick-17b-instruct-v1:0").ok
