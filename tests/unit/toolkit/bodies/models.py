"""A model of each family, and what each family's bodies are held against."""

import json
from pathlib import Path
from typing import Any

from bedrock_batch import CheckReport, RecordLimits, check
from bedrock_batch.bodies.request import Message, Request, Settings, Text

HAIKU, OPUS, OLD_CLAUDE = (
    "us.anthropic.claude-haiku-4-5-20251001-v1:0",
    "us.anthropic.claude-opus-4-8-v1:0",
    "anthropic.claude-3-haiku-20240307-v1:0",
)
NOVA, CONVERSE = "us.amazon.nova-lite-v1:0", "Converse"
LLAMA_3, LLAMA_4 = "us.meta.llama3-3-70b-instruct-v1:0", "us.meta.llama4-scout-17b-instruct-v1:0"
LLAMA_VISION = "us.meta.llama3-2-90b-instruct-v1:0"
GPT_OSS, MISTRAL, MISTRAL_PROMPT = (
    "openai.gpt-oss-20b-1:0",
    "mistral.mistral-large-2407-v1:0",
    "mistral.mistral-7b-instruct-v0:2",
)
TITAN, COMMAND_R = "amazon.titan-text-express-v1", "cohere.command-r-plus-v1:0"
#: Those that answer, with their invocation type.
ANSWERING = [
    *((each, None) for each in (HAIKU, OPUS, OLD_CLAUDE, "us.anthropic.claude-sonnet-4-20250514-v1:0")),
    *((each, None) for each in ("us.anthropic.claude-opus-4-1-20250805-v1:0", "us.anthropic.claude-opus-4-7-v1:0")),
    *((each, None) for each in (NOVA, "global.amazon.nova-2-lite-v1:0", LLAMA_3, LLAMA_4, LLAMA_VISION)),
    *((each, None) for each in (GPT_OSS, MISTRAL, MISTRAL_PROMPT, TITAN, COMMAND_R)),
    *((each, None) for each in ("mistral.mixtral-8x7b-instruct-v0:1", "deepseek.v3-v1:0", "qwen.qwen3-32b-v1:0")),
    *((each, None) for each in ("zai.glm-4.7", "google.gemma-3-12b-it", "ai21.jamba-1-5-mini-v1:0")),
    *((each, CONVERSE) for each in (HAIKU, NOVA, LLAMA_4, "anyone.any-model-v1:0")),
]
EMBEDDING = [
    "amazon.titan-embed-text-v1",
    "amazon.titan-embed-text-v2:0",
    "amazon.titan-embed-image-v1",
    "amazon.nova-2-multimodal-embeddings-v1:0",
    "cohere.embed-english-v3",
    "cohere.embed-v4:0",
]
PIXEL = "iVBORw0KGgo="


def said(*texts: str, **more: Any) -> Request:
    """A conversation: the user and the assistant in turn."""
    roles = ("user", "assistant")
    messages = tuple(Message(roles[number % 2], (Text(text),)) for number, text in enumerate(texts))  # type: ignore[arg-type]
    return Request(messages, **more)


ALL_SETTINGS = Settings(max_tokens=500, temperature=0.5, top_p=0.9, stop=("END",))


def checked(folder: Path, body: dict[str, Any], model: str, invocation_type: str | None = None) -> CheckReport:
    """Check a body as a user would check a file of it."""
    file = folder / "body.jsonl"
    file.write_text(json.dumps({"recordId": "r", "modelInput": body}) + "\n")
    return check(file, limits=RecordLimits(min_records_per_job=1), model=model, invocation_type=invocation_type)
