"""Both directions, with OpenAI's own client at the other end."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bedrock_batch import open_local_results, open_writer
from bedrock_batch.bodies.losses import meaning_of

from ..bodies.models import GPT_OSS, HAIKU, NOVA, checked
from ..results.family_lines import LINES
from .client import CHATS
from .lines import converted

ROOT = Path(__file__).parents[4]
READERS = ROOT / ".venv" / "readers"


def client(what: str, lines: str = "") -> list[dict[str, Any]]:
    """Run the client, in a process of its own, as it needs what it imports."""
    command = [sys.executable, "-W", "error", str(Path(__file__).with_name("client.py")), str(READERS), what]
    told = subprocess.run(command, input=lines, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    return [json.loads(each) for each in told.stdout.splitlines()]


@pytest.fixture(scope="module")
def requests() -> dict[str, dict[str, Any]]:
    return {each["custom_id"]: each for each in client("requests")}


@pytest.mark.parametrize("model", [HAIKU, NOVA, GPT_OSS])
@pytest.mark.parametrize("name", CHATS)
def test_what_the_client_sends_is_converted(
    tmp_path: Path, requests: dict[str, dict[str, Any]], name: str, model: str
) -> None:
    found = converted(tmp_path, requests[name], model=model)
    assert found.records[0]["recordId"] == name
    assert checked(tmp_path, found.body, model).ok
    assert set(found.lost) <= {"n", "seed", "user", "logprobs", "response_format", "strict tools"}
    assert ("n" in found.lost) == (name == "more")


def test_no_member_of_the_client_s_is_told_to_be_another_server_s() -> None:
    names = {name for each in client("members") for name in each["names"]}
    assert len(names) > 30
    # What is read itself is never lost, and OpenAI's former names are refused.
    read = {"model", "messages", "input", "max_completion_tokens", "functions", "function_call"}
    assert not [name for name in names - read if "no member" in meaning_of(name, "Anthropic Claude")]


def test_what_the_client_sends_to_embed_is_converted(tmp_path: Path, requests: dict[str, dict[str, Any]]) -> None:
    found = converted(tmp_path, requests["vector"], model="amazon.titan-embed-text-v2:0")
    assert (found.body, found.lost) == ({"inputText": "Bern", "dimensions": 256}, {})


def written(folder: Path, outputs: list[dict[str, Any]], missing: str | None = None) -> list[dict[str, Any]]:
    """Write lines of a job's output in OpenAI's form."""
    (folder / "out").mkdir()
    (folder / "out" / "in.jsonl.out").write_text("".join(json.dumps(each) + "\n" for each in outputs))
    records = [{"recordId": each["recordId"], "modelInput": each["modelInput"]} for each in outputs]
    records += [{"recordId": missing, "modelInput": {}}] if missing else []
    (folder / "in.jsonl").write_text("".join(json.dumps(each) + "\n" for each in records))
    file = folder / "openai.jsonl"
    with (
        open_local_results(folder / "out", [folder / "in.jsonl"], job_id="job") as opened,
        open_writer(file, "openai", models={"job": "amazon.nova-lite-v1:0"}) as writer,
    ):
        for batch in opened.results.batches():
            writer.write(batch)
    return [json.loads(each) for each in file.read_text().split("\n") if each]


def received(lines: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    told = client("responses", "".join(json.dumps(each) + "\n" for each in lines))
    return {each["custom_id"]: each for each in told}


def test_the_client_reads_the_answers_of_every_family(tmp_path: Path) -> None:
    outputs = [
        {"recordId": name, "modelInput": line.model_input, "modelOutput": line.model_output}
        for name, line in LINES.items()
    ]
    found = received(written(tmp_path, outputs))
    assert found.keys() == LINES.keys()
    answered = {name: line for name, line in LINES.items() if "embeddings" not in line.model_output}
    assert len(answered) > 10
    for name, line in answered.items():
        completion = found[name]["found"]
        (choice,) = completion["choices"]
        assert choice["message"]["content"] == line.text
        assert choice["message"].get("reasoning_content") == line.reasoning
        calls = [each["function"] for each in choice["message"]["tool_calls"] or ()]
        assert [(each["name"], json.loads(each["arguments"])) for each in calls] == [
            (each["name"], each["arguments"]) for each in line.tool_calls or ()
        ]
        assert (completion["object"], choice["message"]["role"]) == ("chat.completion", "assistant")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"content": [{"type": "text", "text": "x"}], "stop_reason": "end_turn"}, "stop"),
        ({"content": [{"type": "text", "text": "x"}], "stop_reason": "stop_sequence"}, "stop"),
        ({"content": [{"type": "text", "text": "x"}], "stop_reason": "max_tokens"}, "length"),
        ({"content": [{"type": "text", "text": "x"}], "stop_reason": "refusal"}, "content_filter"),
        (
            {"content": [{"type": "tool_use", "id": "c", "name": "f", "input": {}}], "stop_reason": "tool_use"},
            "tool_calls",
        ),
        ({"results": [{"outputText": "x", "completionReason": "LENGTH"}]}, "length"),
        ({"generation": "x", "stop_reason": "stop"}, "stop"),
        ({"text": "x", "finish_reason": "MAX_TOKENS"}, "length"),
        ({"output": {"message": {"content": [{"text": "x"}]}}, "stopReason": "guardrail_intervened"}, "content_filter"),
        ({"choices": [{"message": {"content": "x"}, "finish_reason": "length"}]}, "length"),
    ],
)
def test_the_end_of_an_answer_is_told_in_openai_s_words(tmp_path: Path, body: dict[str, Any], reason: str) -> None:
    (line,) = written(tmp_path, [{"recordId": "r", "modelInput": {}, "modelOutput": body}])
    assert line["response"]["body"]["choices"][0]["finish_reason"] == reason


def test_what_a_body_says_of_itself_is_kept(tmp_path: Path) -> None:
    usage = {"prompt_tokens": 3, "completion_tokens": 4}
    own = {
        "choices": [{"message": {"content": "x"}}],
        "usage": usage,
        "id": "chatcmpl-1",
        "created": 7,
        "model": "gpt-oss",
    }
    nova = {"output": {"message": {"content": [{"text": "x"}]}}, "usage": {"inputTokens": 1, "outputTokens": 2}}
    told, silent = written(
        tmp_path,
        [
            {"recordId": name, "modelInput": {"n": name}, "modelOutput": body}
            for name, body in (("a", own), ("b", nova))
        ],
    )
    body = told["response"]["body"]
    assert (body["id"], body["created"], body["model"]) == ("chatcmpl-1", 7, "gpt-oss")
    assert body["usage"] == {**usage, "total_tokens": 7}
    body = silent["response"]["body"]
    assert (body["created"], body["model"], body["usage"]["total_tokens"]) == (0, "amazon.nova-lite-v1:0", 3)
    assert body["id"].startswith("chatcmpl-")
    assert len({told["id"], silent["id"]}) == 2
    assert told["id"].startswith("batch_req_")


def test_arguments_stay_as_they_stand(tmp_path: Path) -> None:
    calls = [
        {"id": "a", "function": {"name": "f", "arguments": '{"n": 1.10}'}},
        {"function": {"name": "g", "arguments": "no"}},
    ]
    body = {"choices": [{"message": {"content": None, "tool_calls": calls}, "finish_reason": "tool_calls"}]}
    (line,) = written(tmp_path, [{"recordId": "r", "modelInput": {}, "modelOutput": body}])
    found = line["response"]["body"]["choices"][0]["message"]["tool_calls"]
    assert [(each["id"], each["function"]["arguments"]) for each in found] == [("a", '{"n": 1.10}'), ("call_1", "no")]


def test_the_client_reads_vectors(tmp_path: Path) -> None:
    body = {"embedding": [0.5, -1.0], "inputTextTokenCount": 3}
    found = received(written(tmp_path, [{"recordId": "r", "modelInput": {}, "modelOutput": body}]))["r"]["found"]
    assert found["data"] == [{"embedding": [0.5, -1.0], "index": 0, "object": "embedding"}]
    assert found["usage"] == {"prompt_tokens": 3, "total_tokens": 3}


def test_failures_are_errors_that_the_client_knows(tmp_path: Path) -> None:
    errors = {
        "bad": {"errorCode": 400, "errorMessage": "bad request"},
        "late": {"errorCode": 429, "errorMessage": "slow down", "retryable": True},
        "broken": {"errorCode": 500, "errorMessage": "no"},
        "expired": {"errorCode": 408, "errorMessage": "out of time", "expired": True},
        "odd": {"errorCode": "E", "errorMessage": "odd"},
    }
    outputs = [{"recordId": name, "modelInput": {"n": name}, "error": error} for name, error in errors.items()]
    lines = written(tmp_path, outputs, missing="gone")
    found = received(lines)
    assert found["bad"]["error"][:2] == ["BadRequestError", "invalid_request_error"]
    assert found["late"]["error"][:2] == ["RateLimitError", "rate_limit_error"]
    assert found["broken"]["error"][:2] == ["InternalServerError", "server_error"]
    without = {line["custom_id"]: line["error"] for line in lines if line["response"] is None}
    assert without == {
        "expired": {"code": "batch_expired", "message": "out of time"},
        "odd": {"code": "failed", "message": "E: odd"},
        "gone": {"code": "missing", "message": "The output of the job has no result of this record."},
    }
    assert all(line["error"] is None for line in lines if line["response"])
