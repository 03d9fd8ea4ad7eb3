"""A line of output of each family that reasons, calls tools or answers as JSON, as its API documents it."""

from typing import Any, NamedTuple

SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}}
ANSWER = '{"city": "Bern"}'
# The members that batch output in the shape of Converse spells out for each part, used or not.
UNUSED = dict.fromkeys(("text", "image", "document", "video", "toolUse", "toolResult", "reasoningContent"))


class Line(NamedTuple):
    """The bodies of a line, and what is to be found in them."""

    model_input: dict[str, Any]
    model_output: dict[str, Any]
    text: str | None = None
    reasoning: str | None = None
    tool_calls: list[dict[str, Any]] | None = None
    structured_output: Any = None
    prompt: str | None = "Where?"


def chat(message: dict[str, Any], **request: object) -> tuple[dict[str, Any], dict[str, Any]]:
    asked = {"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Where?"}], **request}
    return asked, {"choices": [{"index": 0, "message": {"role": "assistant", **message}, "finish_reason": "stop"}]}


def claude(*parts: dict[str, Any], **request: object) -> tuple[dict[str, Any], dict[str, Any]]:
    asked = {"anthropic_version": "bedrock-2023-05-31", "messages": [{"role": "user", "content": "Where?"}], **request}
    return asked, {"type": "message", "role": "assistant", "content": list(parts), "stop_reason": "end_turn"}


def converse(*parts: dict[str, Any], **request: object) -> tuple[dict[str, Any], dict[str, Any]]:
    asked = {"messages": [{"role": "user", "content": [{"text": "Where?"}]}], **request}
    return asked, {"output": {"message": {"role": "assistant", "content": list(parts)}}, "stopReason": "end_turn"}


def call(id: str | None = "c1", **arguments: object) -> dict[str, Any]:
    return {"id": id, "name": "find", "arguments": arguments}


FUNCTION = {"id": "c1", "type": "function", "function": {"name": "find", "arguments": '{"city": "Bern"}'}}

LINES = {
    "Claude": Line(
        *claude(
            {"type": "thinking", "thinking": "Hm.", "signature": "s"},
            {"type": "redacted_thinking", "data": "zz"},
            {"type": "thinking", "thinking": "Swiss?", "signature": "s"},
            {"type": "text", "text": "I "},
            {"type": "text", "text": "look."},
            {"type": "tool_use", "id": "c1", "name": "find", "input": {"city": "Bern"}},
            {"type": "tool_use", "id": "c2", "name": "find", "input": {}},
        ),
        text="I look.",
        reasoning="Hm.\nSwiss?",
        tool_calls=[call(city="Bern"), call("c2")],
    ),
    "Claude, calls only": Line(
        *claude({"type": "tool_use", "id": "c1", "name": "find", "input": {"city": "Bern"}}),
        tool_calls=[call(city="Bern")],
    ),
    "Claude, structured": Line(
        *claude({"type": "text", "text": ANSWER}, output_config={"format": {"type": "json_schema", "schema": SCHEMA}}),
        text=ANSWER,
        structured_output={"city": "Bern"},
    ),
    "Claude, structured, as it began": Line(
        *claude({"type": "text", "text": f"\n{ANSWER}\n"}, output_format={"type": "json_schema", "schema": SCHEMA}),
        text=f"\n{ANSWER}\n",
        structured_output={"city": "Bern"},
    ),
    "Nova": Line(
        *converse(
            {"reasoningContent": {"reasoningText": {"text": "Hm."}}},
            {"text": "I look."},
            {"toolUse": {"toolUseId": "c1", "name": "find", "input": {"city": "Bern"}}},
            toolConfig={"tools": []},
        ),
        text="I look.",
        reasoning="Hm.",
        tool_calls=[call(city="Bern")],
    ),
    "Converse": Line(
        *converse(
            {**UNUSED, "reasoningContent": {"reasoningText": {"text": "Hm.", "signature": "s"}}},
            {**UNUSED, "reasoningContent": {"redactedContent": "zz"}},
            {**UNUSED, "text": ANSWER},
            outputConfig={
                "textFormat": {"type": "json_schema", "structure": {"jsonSchema": {"schema": "{}", "name": "city"}}}
            },
        ),
        text=ANSWER,
        reasoning="Hm.",
        structured_output={"city": "Bern"},
    ),
    "Converse, with citations": Line(
        *converse(
            {"text": "In "},
            {"citationsContent": {"content": [{"text": "Bern"}], "citations": [{"title": "Towns"}]}},
            {"text": "."},
        ),
        text="In Bern.",
    ),
    "OpenAI": Line(
        *chat({"content": None, "tool_calls": [FUNCTION, {**FUNCTION, "id": "c2"}]}),
        tool_calls=[call(city="Bern"), call("c2", city="Bern")],
    ),
    "gpt-oss": Line(*chat({"content": "<reasoning>Hm.</reasoning>In Bern."}), text="In Bern.", reasoning="Hm."),
    "gpt-oss, out of tokens": Line(*chat({"content": "<reasoning>Hm, wh"}), text="", reasoning="Hm, wh"),
    "gpt-oss, structured": Line(
        *chat(
            {"content": f"<reasoning>Hm.</reasoning>{ANSWER}"},
            response_format={"type": "json_schema", "json_schema": {"name": "city", "schema": SCHEMA}},
        ),
        text=ANSWER,
        reasoning="Hm.",
        structured_output={"city": "Bern"},
    ),
    "DeepSeek": Line(
        *chat({"content": "In Bern.", "reasoning_content": "Hm.", "tool_calls": [FUNCTION]}),
        text="In Bern.",
        reasoning="Hm.",
        tool_calls=[call(city="Bern")],
    ),
    "DeepSeek-R1": Line(
        {"prompt": "Where?<think>\n"},
        {"choices": [{"text": "Hm.\n</think>\n\nIn Bern.", "stop_reason": "stop"}]},
        text="In Bern.",
        reasoning="Hm.",
        prompt="Where?<think>\n",
    ),
    "Qwen": Line(*chat({"content": "<think>\nHm.\n</think>\n\nIn Bern."}), text="In Bern.", reasoning="Hm."),
    "Mistral": Line(
        *chat(
            {
                "content": [
                    {"type": "thinking", "thinking": [{"type": "text", "text": "Hm."}]},
                    {"type": "text", "text": "In Bern."},
                ],
                "tool_calls": [{"id": "c1", "function": {"name": "find", "arguments": '{"city": "Bern"}'}}],
            }
        ),
        text="In Bern.",
        reasoning="Hm.",
        tool_calls=[call(city="Bern")],
    ),
    "Mistral, JSON": Line(
        *chat({"content": ANSWER}, response_format={"type": "json_object"}),
        text=ANSWER,
        structured_output={"city": "Bern"},
    ),
    "Cohere Command R": Line(
        {"message": "Where?"},
        {"text": "I look.", "tool_calls": [{"name": "find", "parameters": {"city": "Bern"}}], "finish_reason": "C"},
        text="I look.",
        tool_calls=[call(None, city="Bern")],
    ),
    "Cohere Embed": Line(
        {"texts": ["Bern", "Basel"], "input_type": "search_query"}, {"embeddings": [[0.5]]}, prompt="Bern\nBasel"
    ),
    "Meta Llama": Line({"prompt": "Where?"}, {"generation": "In Bern."}, text="In Bern."),
    "Amazon Titan Text": Line(
        {"inputText": "Where?"}, {"results": [{"outputText": "In Bern.", "tokenCount": 3}]}, text="In Bern."
    ),
    "a conversation with a tool": Line(
        {
            "messages": [
                {"role": "user", "content": [{"text": "Where?"}, {"image": {}}, {"text": "Look!"}]},
                {"role": "assistant", "content": [{"toolUse": {"toolUseId": "c1", "name": "find", "input": {}}}]},
                {"role": "user", "content": [{"toolResult": {"toolUseId": "c1", "content": [{"text": "Bern"}]}}]},
                {"role": "assistant", "content": [{"text": "In "}]},
            ]
        },
        {"output": {"message": {"content": [{"text": "Bern."}]}}},
        text="Bern.",
        prompt="Where?\nLook!",
    ),
    # What is none of it, however it looks.
    "JSON that nobody asked for": Line(*chat({"content": ANSWER}), text=ANSWER),
    "JSON that was cut off": Line(
        *chat({"content": '{"city": "Be'}, response_format={"type": "json_object"}), text='{"city": "Be'
    ),
    "text that was asked for": Line(*chat({"content": ANSWER}, response_format={"type": "text"}), text=ANSWER),
    "a format of another type": Line(*chat({"content": ANSWER}, response_format="json_object"), text=ANSWER),
    "marks within a text": Line(*chat({"content": "Write </think> or <think>."}), text="Write </think> or <think>."),
    "parts of other types": Line(
        *claude({"type": "thinking", "thinking": 3}, {"type": "text", "text": None}, {"type": "image", "toolUse": []})
    ),
    "calls of other types": Line(*chat({"content": "A.", "tool_calls": [None, {}, {"function": 3}]}), text="A."),
}
