from typing import Any

import pytest

from bedrock_batch.results.output.response import answers_of

# The members that batch output in the shape of Converse spells out for each part, used or not.
UNUSED = dict.fromkeys(("image", "document", "video", "toolUse", "reasoningContent", "citationsContent"))

RESPONSES: dict[str, dict[str, Any]] = {
    "Anthropic Claude": {
        "type": "message",
        "content": [
            {"type": "thinking", "thinking": "hmm", "signature": "s"},
            {"type": "text", "text": "A "},
            {"type": "text", "text": "bee."},
        ],
        "usage": {"input_tokens": 3, "output_tokens": 2},
    },
    "Amazon Nova": {"output": {"message": {"role": "assistant", "content": [{"text": "A bee."}]}}, "usage": {}},
    "Converse": {
        "output": {
            "message": {
                "role": "assistant",
                "content": [
                    {**UNUSED, "reasoningContent": {"reasoningText": {"text": "hmm"}}, "text": None},
                    {**UNUSED, "text": "A bee."},
                ],
            }
        },
        "text": None,
    },
    "Amazon Titan Text": {
        "inputTextTokenCount": 3,
        "results": [{"tokenCount": 2, "outputText": "A bee.", "completionReason": "FINISH"}],
    },
    "Meta Llama": {"generation": "A bee.", "prompt_token_count": 3, "generation_token_count": 2},
    "Mistral": {"outputs": [{"text": "A bee.", "stop_reason": "stop"}]},
    "Mistral chat": {"choices": [{"index": 0, "message": {"role": "assistant", "content": "A bee."}}]},
    "Cohere Command": {"generations": [{"id": "1", "text": "A bee."}], "prompt": "?"},
    "Cohere Command R": {"response_id": "1", "text": "A bee.", "chat_history": [{"role": "USER", "message": "?"}]},
    "DeepSeek": {
        "choices": [{"message": {"role": "assistant", "content": "A bee.", "reasoning_content": "hmm"}}],
        "usage": {"prompt_tokens": 3, "completion_tokens": 2},
    },
    "OpenAI": {
        "object": "chat.completion",
        "choices": [
            {"message": {"content": "A bee.", "refusal": None}, "finish_reason": "stop"},
            {"message": {"content": "A fly.", "refusal": None}, "finish_reason": "stop"},
        ],
    },
    "OpenAI in parts": {"choices": [{"message": {"content": [{"type": "text", "text": "A bee."}]}}]},
    "OpenAI completion": {"choices": [{"text": "A bee.", "index": 0}]},
}


@pytest.mark.parametrize("family", RESPONSES)
def test_the_text_of_each_family_is_found(family: str) -> None:
    assert answers_of([RESPONSES[family]]).text == ["A bee."]


def test_each_body_is_told_by_its_own_shape() -> None:
    bodies = [{}, *RESPONSES.values(), None]
    assert answers_of(bodies).text == [None, *["A bee."] * len(RESPONSES), None]


@pytest.mark.parametrize(
    "body",
    [
        {"embedding": [0.1, 0.2], "inputTextTokenCount": 3},
        {"embeddings": {"float": [[0.1]]}, "texts": ["A bee."], "response_type": "embeddings_by_type"},
        {"choices": []},
        {"choices": [{"message": {"content": None}}]},
        {"output": {"message": {"content": [{**UNUSED, "text": None}]}}},
        {},
        None,
    ],
)
def test_a_body_without_text_has_none(body: dict[str, Any] | None) -> None:
    assert answers_of([body]).text == [None]


def test_an_empty_answer_is_a_text() -> None:
    assert answers_of([{"generation": ""}]).text == [""]
