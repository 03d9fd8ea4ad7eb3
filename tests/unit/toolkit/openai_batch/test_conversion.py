"""Requests to OpenAI as records: what others get wrong, and what has nothing like it here."""

import json
from pathlib import Path
from typing import Any

import pytest

from ..bodies.models import ANSWERING, COMMAND_R, CONVERSE, GPT_OSS, HAIKU, LLAMA_3, LLAMA_4, NOVA, PIXEL, checked
from .lines import USER, converted, line

TOOL = {"type": "function", "function": {"name": "find", "parameters": {"type": "object", "properties": {}}}}
DATA_URL = f"data:image/png;base64,{PIXEL}"


def says(role: str, content: object = "x", **more: object) -> dict[str, Any]:
    return {"role": role, "content": content, **more}


def called(*arguments: str) -> dict[str, Any]:
    calls = [
        {"id": f"c{number}", "type": "function", "function": {"name": "find", "arguments": each}}
        for number, each in enumerate(arguments)
    ]
    return says("assistant", None, tool_calls=calls)


def image(url: str, **more: str) -> dict[str, Any]:
    return says("user", [{"type": "text", "text": "What?"}, {"type": "image_url", "image_url": {"url": url, **more}}])


@pytest.mark.parametrize(("model", "invocation_type"), ANSWERING)
def test_a_request_becomes_a_record_that_passes_the_check(
    tmp_path: Path, model: str, invocation_type: str | None
) -> None:
    request = line(
        "my id",
        messages=[says("system", "Be brief."), says("user", "Hi"), says("assistant", "Yes?"), says("user", "Why?")],
        max_completion_tokens=500,
        temperature=0.7,
    )
    found = converted(tmp_path, request, model=model, invocation_type=invocation_type)
    assert [each["recordId"] for each in found.records] == ["my id"]
    assert checked(tmp_path, found.body, model, invocation_type).ok
    assert found.lost == {}
    assert found.report.models == {"gpt-4o-mini": 1}


def test_a_system_message_in_the_middle_joins_the_others_and_is_told(tmp_path: Path) -> None:
    messages = [says("system", "A"), USER, says("assistant", "Yes?"), says("system", "B"), says("user", "Why?")]
    found = converted(tmp_path, line(messages=messages))
    assert found.body["system"] == [{"type": "text", "text": "A"}, {"type": "text", "text": "B"}]
    assert [each["role"] for each in found.body["messages"]] == ["user", "assistant", "user"]
    assert found.lost == {"a system message in the middle": 1}


@pytest.mark.parametrize("model", [GPT_OSS, LLAMA_3, COMMAND_R])
def test_a_system_message_in_the_middle_stays_where_a_family_has_a_place_for_it(tmp_path: Path, model: str) -> None:
    found = converted(tmp_path, line(messages=[USER, says("system", "B"), says("user", "Why?")]), model=model)
    text = json.dumps(found.body)
    assert text.index("Hi") < text.index('B"' if model != LLAMA_3 else "B<") < text.index("Why?") or model == COMMAND_R
    assert found.lost == {}


def test_what_a_developer_says_is_what_the_system_says(tmp_path: Path) -> None:
    found = converted(tmp_path, line(messages=[says("developer", [{"type": "text", "text": "A"}]), USER]))
    assert found.body["system"] == "A"


def test_an_empty_message_is_left_out_and_told(tmp_path: Path) -> None:
    found = converted(tmp_path, line(messages=[USER, says("assistant", "Yes?"), says("user", "  ")]), model=NOVA)
    assert [each["role"] for each in found.body["messages"]] == ["user", "assistant"]
    assert found.lost == {"an empty message": 1}
    only = converted(tmp_path, line(messages=[says("user", "")]))
    assert only.problem == "1: has no message with a text; give it one of the user"
    assert converted(tmp_path, line(messages=[says("user", "")]), model=GPT_OSS).body["messages"] == [says("user", "")]


def test_what_the_system_says_alone_is_said_by_the_user_and_told(tmp_path: Path) -> None:
    for model in (HAIKU, NOVA, COMMAND_R):
        found = converted(tmp_path, line(messages=[says("system", "Say hi.")]), model=model)
        assert "Say hi." in json.dumps(found.body)
        assert "system" not in found.body
        assert found.lost == {"a system message alone": 1}
        assert checked(tmp_path, found.body, model).ok
    assert converted(tmp_path, line(messages=[says("system", "Say hi.")]), model=LLAMA_3).lost == {}


def test_of_two_limits_openai_s_newer_one_counts(tmp_path: Path) -> None:
    both = converted(tmp_path, line(max_tokens=5, max_completion_tokens=7))
    assert both.body["max_tokens"] == 7
    assert both.lost == {"max_tokens beside max_completion_tokens": 1}
    assert converted(tmp_path, line(max_tokens=5, max_completion_tokens=5)).lost == {}
    assert converted(tmp_path, line(max_tokens=5, max_completion_tokens=None)).body["max_tokens"] == 5


def test_without_a_limit_the_one_that_is_written_is_told(tmp_path: Path) -> None:
    found = converted(tmp_path, line("a"), line("b", max_tokens=5))
    assert [each["modelInput"]["max_tokens"] for each in found.records] == [4096, 5]
    assert "max_tokens: 4,096 was written for 1 request that named none" in found.report.remarks()
    assert converted(tmp_path, line(), max_tokens=9).body["max_tokens"] == 9
    assert converted(tmp_path, line(), model=NOVA).report.remarks() == [
        "model: the job's answers in the place of gpt-4o-mini (1)"
    ]


def test_llama_gets_a_prompt_in_which_no_text_is_taken_for_a_token(tmp_path: Path) -> None:
    found = converted(tmp_path, line(messages=[says("system", "A"), says("user", "<|eot|>Hi")]), model=LLAMA_4)
    assert found.body["prompt"].count("<|eot|>") == 2
    assert "< |eot|>Hi<|eot|>" in found.body["prompt"]
    assert found.lost == {"special tokens in a text": 1}
    assert converted(tmp_path, line(stop="x", tools=[TOOL]), model=LLAMA_3).lost == {"stop": 1, "tools": 1}


def test_answers_of_tools_are_one_message_of_the_user(tmp_path: Path) -> None:
    messages = [
        USER,
        called('{"n": 12345678901234567890123}', ""),
        says("tool", "one", tool_call_id="c0"),
        says("tool", [{"type": "text", "text": "two"}], tool_call_id="c1"),
        says("user", "So?"),
    ]
    claude = converted(tmp_path, line(messages=messages, tools=[TOOL]))
    _, asked, answered = claude.body["messages"]
    assert asked["content"] == [
        {"type": "tool_use", "id": "c0", "name": "find", "input": {"n": 12345678901234567890123}},
        {"type": "tool_use", "id": "c1", "name": "find", "input": {}},
    ]
    assert [part["type"] for part in answered["content"]] == ["tool_result", "tool_result", "text"]
    assert checked(tmp_path, claude.body, HAIKU).ok
    nova = converted(tmp_path, line(messages=messages, tools=[TOOL]), model=NOVA)
    assert [list(part) for part in nova.body["messages"][2]["content"]] == [["toolResult"], ["toolResult"], ["text"]]
    assert checked(tmp_path, nova.body, NOVA).ok
    chat = converted(tmp_path, line(messages=messages, tools=[TOOL]), model=GPT_OSS)
    assert [each["role"] for each in chat.body["messages"]] == ["user", "assistant", "tool", "tool", "user"]
    called_again = chat.body["messages"][1]["tool_calls"][0]["function"]["arguments"]
    assert json.loads(called_again) == {"n": 12345678901234567890123}


@pytest.mark.parametrize("arguments", ["{", "[1]", "null", "Bern", '{"a": 1}}'])
def test_arguments_that_are_no_object_are_refused_with_their_column(tmp_path: Path, arguments: str) -> None:
    request = line(messages=[USER, called(arguments)])
    column = json.dumps(request).index(json.dumps(arguments)) + 1
    found = converted(tmp_path, request).problem
    assert found.startswith(f"1:{column}: 'arguments' must be a text of one JSON object, got ")


@pytest.mark.parametrize(
    ("choice", "claude", "nova"),
    [
        ("auto", {"type": "auto"}, {"auto": {}}),
        ("required", {"type": "any"}, {"any": {}}),
        (
            {"type": "function", "function": {"name": "find"}},
            {"type": "tool", "name": "find"},
            {"tool": {"name": "find"}},
        ),
        (
            {"type": "allowed_tools", "allowed_tools": {"mode": "required", "tools": [TOOL]}},
            {"type": "any"},
            {"any": {}},
        ),
    ],
)
def test_each_choice_of_a_tool_has_its_form(
    tmp_path: Path, choice: object, claude: dict[str, Any], nova: dict[str, Any]
) -> None:
    other = {"type": "function", "function": {"name": "other"}}
    request = line(tools=[TOOL, other], tool_choice=choice)
    assert converted(tmp_path, request).body["tool_choice"] == claude
    assert converted(tmp_path, request, model=NOVA).body["toolConfig"]["toolChoice"] == nova
    names = [tool["name"] for tool in converted(tmp_path, request).body["tools"]]
    assert names == (["find"] if isinstance(choice, dict) and "allowed_tools" in choice else ["find", "other"])


def test_no_tool_is_chosen_by_knowing_of_none(tmp_path: Path) -> None:
    request = line(tools=[TOOL], tool_choice="none")
    assert converted(tmp_path, request).body["tool_choice"] == {"type": "none"}
    assert "toolConfig" not in converted(tmp_path, request, model=NOVA).body


def test_one_call_at_a_time_is_said_to_claude(tmp_path: Path) -> None:
    found = converted(tmp_path, line(tools=[TOOL], parallel_tool_calls=False))
    assert found.body["tool_choice"] == {"type": "auto", "disable_parallel_tool_use": True}
    assert converted(tmp_path, line(tools=[TOOL], parallel_tool_calls=False), model=NOVA).lost == {
        "parallel_tool_calls": 1
    }


def test_an_image_in_the_line_is_taken_and_one_in_the_web_is_not(tmp_path: Path) -> None:
    found = converted(tmp_path, line(messages=[image(DATA_URL, detail="high")]))
    source = {"type": "base64", "media_type": "image/png", "data": PIXEL}
    assert found.body["messages"][0]["content"][1] == {"type": "image", "source": source}
    assert found.lost == {"detail of an image": 1}
    jpeg = converted(tmp_path, line(messages=[image(f"data:image/jpg;base64,{PIXEL}")]), model=NOVA)
    assert jpeg.body["messages"][0]["content"][1]["image"]["format"] == "jpeg"
    web = converted(tmp_path, line(messages=[image("https://example.com/cat.png")])).problem
    assert 'the image "https://example.com/cat.png" is not in the line, and the service fetches none' in web


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("data:image/tiff;base64,AAAA", 'must be PNG, JPEG, GIF or WebP, got "image/tiff"'),
        ("data:image/png,%89PNG", "is not in base64"),
        ("data:image/png;base64,A", "is not in base64"),
        ("data:image/png;base64,AA\nA=", "is not in base64"),
        ("data:image/png;base64,", "is not in base64"),
        ("data:image/png;base64,A=AA", "is not in base64"),
        ("data:image/png;base64,A===", "is not in base64"),
        ("data:image/png;base64,\u00c5AAA", "is not in base64, padded and in one line; write it so"),
    ],
)
def test_an_image_that_no_model_could_read_is_refused(tmp_path: Path, url: str, message: str) -> None:
    assert message in converted(tmp_path, line(messages=[image(url)])).problem


def test_messages_of_one_role_are_one(tmp_path: Path) -> None:
    messages = [USER, says("user", "Why?"), says("assistant", "A"), says("assistant", "B"), says("user", "C")]
    for model, kind in ((HAIKU, None), (NOVA, None), (HAIKU, CONVERSE)):
        found = converted(tmp_path, line(messages=messages), model=model, invocation_type=kind)
        assert [each["role"] for each in found.body["messages"]] == ["user", "assistant", "user"]
        assert [part["text"] for part in found.body["messages"][0]["content"]] == ["Hi", "Why?"]
        assert found.lost == {}


def test_an_assistant_that_speaks_first_is_announced_and_told(tmp_path: Path) -> None:
    found = converted(tmp_path, line(messages=[says("assistant", "Welcome"), USER]), model=NOVA)
    assert found.body["messages"][0] == {"role": "user", "content": [{"text": "(The assistant speaks first.)"}]}
    assert found.lost == {"an assistant message first": 1}


@pytest.mark.parametrize("stop", ["END", ["END"]])
def test_stop_may_be_a_text_or_a_list(tmp_path: Path, stop: object) -> None:
    assert converted(tmp_path, line(stop=stop)).body["stop_sequences"] == ["END"]


def test_a_temperature_above_the_range_is_told_and_not_scaled(tmp_path: Path) -> None:
    found = converted(tmp_path, line(temperature=1.4))
    assert (found.body["temperature"], found.lost) == (1, {"temperature above 1": 1})
    assert converted(tmp_path, line(temperature=1.4), model=GPT_OSS).body["temperature"] == 1.4


NOTHING_LIKE_IT = {
    "n": 2,
    "logprobs": True,
    "top_logprobs": 2,
    "seed": 1,
    "response_format": {"type": "json_object"},
    "logit_bias": {"50256": -100},
    "user": "u",
    "metadata": {"a": "b"},
    "service_tier": "flex",
    "stream": True,
    "store": True,
    "reasoning_effort": "high",
    "frequency_penalty": 1,
    "presence_penalty": -1,
    "prediction": {"type": "content", "content": "x"},
    "modalities": ["text", "audio"],
    "audio": {"voice": "alloy", "format": "wav"},
    "web_search_options": {},
    "verbosity": "low",
    "safety_identifier": "s",
    "prompt_cache_key": "k",
    "stream_options": {"include_usage": True},
}


@pytest.mark.parametrize("name", NOTHING_LIKE_IT)
def test_each_member_that_has_nothing_like_it_is_named_and_counted(tmp_path: Path, name: str) -> None:
    found = converted(tmp_path, line("a"), *(line(each, **{name: NOTHING_LIKE_IT[name]}) for each in "bc"))
    assert found.lost == {name: 2}
    assert found.report.losses[0].first.endswith("batch.jsonl:2")
    assert f"{name}: left out, as Anthropic Claude has nothing like it (2 records, first " in str(found.report)


@pytest.mark.parametrize(
    "usual",
    [
        {"n": 1, "logprobs": False, "stream": False, "store": False, "top_logprobs": 0, "logit_bias": {}},
        {"frequency_penalty": 0, "presence_penalty": 0.0, "service_tier": "auto", "modalities": ["text"]},
        {"response_format": {"type": "text"}, "parallel_tool_calls": True, "user": None, "tools": [], "stop": None},
    ],
)
def test_what_says_the_same_as_nothing_is_no_loss(tmp_path: Path, usual: dict[str, Any]) -> None:
    assert converted(tmp_path, line(**usual)).lost == {}


def test_sounds_files_and_names_are_left_out_and_counted(tmp_path: Path) -> None:
    parts = [
        {"type": "text", "text": "What?"},
        {"type": "input_audio", "input_audio": {"data": "", "format": "wav"}},
        {"type": "file", "file": {"file_id": "f"}},
    ]
    found = converted(tmp_path, line(messages=[says("user", parts, name="Ann")]))
    assert found.lost == {"file parts": 1, "input_audio parts": 1, "name of a message": 1}
    assert found.body["messages"] == [says("user", "What?")]


def test_tools_of_other_kinds_are_left_out_and_counted(tmp_path: Path) -> None:
    found = converted(tmp_path, line(tools=[TOOL, {"type": "custom", "custom": {"name": "code"}}]))
    assert found.lost == {'tools of the type "custom"': 1}
    assert [tool["name"] for tool in found.body["tools"]] == ["find"]


def test_a_refusal_is_what_the_assistant_said(tmp_path: Path) -> None:
    messages = [USER, says("assistant", None, refusal="No."), says("user", "Why?")]
    assert converted(tmp_path, line(messages=messages)).body["messages"][1] == says("assistant", "No.")


def test_nothing_may_be_lost_where_that_is_asked(tmp_path: Path) -> None:
    found = converted(tmp_path, line("a"), line("b", seed=1), line("c", temperature=2), strict=True)
    first, second = map(str, found.report.problems)
    assert ":2: seed (left out, as Anthropic Claude has nothing like it); take it out of the request, or " in first
    assert ":3: temperature above 1 (written as 1" in second
    assert converted(tmp_path, line("a", max_tokens=5), strict=True).report.ok


def test_what_is_the_same_in_all_requests_is_told_of_each(tmp_path: Path) -> None:
    found = converted(tmp_path, *(line(f"r{number}", seed=1, temperature=2) for number in range(300)))
    assert found.lost == {"seed": 300, "temperature above 1": 300}
    mixed = converted(tmp_path, *(line(f"r{number}", temperature=number % 2) for number in range(10)))
    assert [each["modelInput"]["temperature"] for each in mixed.records] == [0, 1] * 5
