"""Calls of tools and their answers, and members that other servers than OpenAI's read."""

from pathlib import Path
from typing import Any

import pytest

from ..bodies.models import GPT_OSS, HAIKU, NOVA, PIXEL
from .lines import USER, converted, line

FUNCTION = {"name": "find", "parameters": {"type": "object", "properties": {}}}
TOOL = {"type": "function", "function": FUNCTION}


def asks(*ids: str, **more: object) -> dict[str, Any]:
    calls = [
        {"index": 0, "id": each, "type": "function", "function": {"name": "find", "arguments": "{}"}, **more}
        for each in ids
    ]
    return {"role": "assistant", "content": None, "tool_calls": calls}


def answers(*ids: str) -> list[dict[str, Any]]:
    return [{"role": "tool", "tool_call_id": each, "content": "x"} for each in ids]


@pytest.mark.parametrize("model", [HAIKU, NOVA, GPT_OSS])
@pytest.mark.parametrize(
    ("messages", "message"),
    [
        ([asks("a")], 'the call "a" has no answer in the messages after it'),
        ([asks("a"), USER], 'the call "a" has no answer in the messages after it'),
        ([asks("a", "b"), *answers("a"), USER], 'the call "b" has no answer in the messages after it'),
        ([asks("a"), USER, *answers("a")], 'the call "a" has no answer in the messages after it'),
        ([asks("a"), asks("b"), *answers("a", "b")], 'the call "a" has no answer in the messages after it'),
        ([asks("a"), *answers("a", "a")], "'tool_call_id' \"a\" is the id of no call before it that has no answer yet"),
        ([asks("a", "a"), *answers("a", "a")], "has two calls of the same 'id'"),
    ],
)
def test_each_call_has_one_answer_right_after_it(
    tmp_path: Path, model: str, messages: list[dict[str, Any]], message: str
) -> None:
    assert message in converted(tmp_path, line(messages=[USER, *messages], tools=[TOOL]), model=model).problem


def test_what_nests_too_deeply_is_told(tmp_path: Path) -> None:
    deep = asks("a")
    deep["tool_calls"][0]["function"]["arguments"] = '{"a":' * 5000 + "1" + "}" * 5000
    schema: dict[str, Any] = {"type": "string"}
    for _ in range(300):
        schema = {"type": "object", "properties": {"a": schema}}
    wanted = {"type": "json_schema", "json_schema": {"name": "a", "schema": schema}}
    for request in (line(messages=[USER, deep, *answers("a")], tools=[TOOL]), line(response_format=wanted)):
        assert converted(tmp_path, request).problem.startswith("1: nests its values too deeply")


def test_answers_may_come_in_any_order_and_calls_in_any_turn(tmp_path: Path) -> None:
    messages = [USER, asks("a", "b"), *answers("b", "a"), asks("c"), *answers("c"), USER]
    found = converted(tmp_path, line(messages=messages, tools=[TOOL]))
    assert [each["role"] for each in found.body["messages"]] == ["user", "assistant", "user", "assistant", "user"]
    assert found.lost == {}


@pytest.mark.parametrize(
    ("request_of", "lost"),
    [
        ({"tools": [{**TOOL, "cache_control": {"type": "ephemeral"}}]}, "cache_control of a tool"),
        ({"tools": [{"type": "function", "function": {**FUNCTION, "examples": [1]}}]}, "examples of a tool's function"),
        (
            {"messages": [{"role": "user", "content": [{"type": "text", "text": "a", "cache_control": {"a": 1}}]}]},
            "cache_control of a part",
        ),
        (
            {
                "messages": [
                    {"role": "system", "content": [{"type": "text", "text": "a", "cache_control": {"a": 1}}]},
                    USER,
                ]
            },
            "cache_control of a part",
        ),
        (
            {
                "messages": [
                    {
                        "role": "user",
                        "content": [
                            {
                                "type": "image_url",
                                "image_url": {"url": f"data:image/png;base64,{PIXEL}", "format": "image/png"},
                            }
                        ],
                    }
                ]
            },
            "format of an image",
        ),
        (
            {"messages": [USER, asks("a", extra_content={"a": 1}), *answers("a")], "tools": [TOOL]},
            "extra_content of a call",
        ),
        ({"messages": [{**USER, "tool_calls": [{"odd": 1}]}]}, "tool_calls of a message"),
        ({"messages": [{**USER, "tool_call_id": "a"}]}, "tool_call_id of a message"),
        ({"messages": [{"role": "system", "content": "a", "refusal": "b"}, USER]}, "refusal of a message"),
        ({"max_token": 5}, "max_token"),
        ({"top_k": 5}, "top_k"),
    ],
)
def test_what_openai_has_no_member_for_is_told_as_that(tmp_path: Path, request_of: dict[str, Any], lost: str) -> None:
    found = converted(tmp_path, line(**request_of))
    assert found.lost == {lost: 1}
    assert f"{lost}: left out, as it is no member of OpenAI's (1 record, first " in str(found.report)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (
            {"tools": [{"type": "function", "function": {"name": "find it"}}]},
            "'name' must be at most 64 letters, digits",
        ),
        ({"tools": [{"type": "function", "function": {**FUNCTION, "description": 5}}]}, "'description' must be a text"),
        ({"tool_choice": "required"}, "'tool_choice' requires a tool, and 'tools' has none; add it"),
        ({"tools": [], "tool_choice": {"type": "function", "function": {"name": "f"}}}, "'tools' has no such function"),
    ],
)
def test_tools_that_openai_refuses_are_refused(tmp_path: Path, wrong: dict[str, Any], message: str) -> None:
    assert message in converted(tmp_path, line(**wrong)).problem


@pytest.mark.parametrize(
    "url",
    [
        "/chat/completions",
        "/openai/deployments/my-gpt/chat/completions?api-version=2024-10-21",
        "/openai/v1/chat/completions",
    ],
)
def test_azure_s_addresses_are_known(tmp_path: Path, url: str) -> None:
    assert converted(tmp_path, line() | {"url": url}).report.records == 1
