"""Anthropic's Messages API."""

import re
import secrets
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any

from bedrock_local.bedrock.models.backends.backend import Backend
from bedrock_local.bedrock.models.families.body import conversation, prompt
from bedrock_local.bedrock.models.invocation import Answer, RefusedError

_REQUIRED = ("anthropic_version", "max_tokens", "messages")
# Claude from 4.1 on; what follows the 4 of earlier ones is a date.
# https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-messages-request-response.html,
# and what thinking, structured outputs, context management and guardrails add. Others are seen to be refused.
_MEMBERS = frozenset(
    (
        *("anthropic_version", "anthropic_beta", "max_tokens", "messages", "metadata", "stop_sequences", "system"),
        *("temperature", "top_p", "top_k", "tools", "tool_choice", "thinking", "output_config", "output_format"),
        *("context_management", "amazon-bedrock-guardrailConfig"),
    )
)
# The newest models are told by the system also in the middle of a conversation.
_TAKES_SYSTEM_TURNS = re.compile(r"claude-(?:opus-4-(?:[89]|1\d)(?!\d)|[a-z]+-[5-9])")
_UNEXPECTED_ROLE = (
    'messages: Unexpected role "{0}". The Messages API accepts a top-level `system` parameter, not "{0}" as an input '
    "message role."
)
_TURN = frozenset(("role", "content"))
_BLOCKS: Mapping[object, frozenset[str]] = MappingProxyType(
    {
        "text": frozenset(("type", "text", "cache_control", "citations")),
        "image": frozenset(("type", "source", "cache_control")),
    }
)
# "claude-3-haiku-20240307-v1:0" and "claude-opus-4-6-v1", but not "claude-v2:1".
_VERSION = re.compile(r"(?<!^claude)-v\d+(?::\d+)?$")
_TAKES_ONE_OF_BOTH = re.compile(r"claude-[a-z]+-(?:4-[1-9](?!\d)|[5-9])")


def messages(body: Mapping[str, Any], backend: Backend, model_id: str) -> Answer:
    """Answer a body; see `Family`."""
    for key in _REQUIRED:
        if key not in body:
            raise RefusedError(400, f"{key}: Field required")
    _permit(body, _MEMBERS)
    _permit_turns(body, ("user", "assistant", *(("system",) if _TAKES_SYSTEM_TURNS.search(model_id) else ())))
    if _TAKES_ONE_OF_BOTH.search(model_id) and {"temperature", "top_p"} <= body.keys():
        raise RefusedError(400, "`temperature` and `top_p` cannot both be specified for this model.")
    completion = backend.complete(
        prompt(
            conversation(body),
            body["max_tokens"],
            body.get("temperature"),
            body.get("top_p"),
            body.get("stop_sequences"),
        )
    )
    response = {
        "model": _VERSION.sub("", model_id.removeprefix("anthropic.")),
        "id": f"msg_bdrk_{secrets.token_hex(12)}",
        "type": "message",
        "role": "assistant",
        "content": [{"type": "text", "text": completion.text}],
        "stop_reason": "max_tokens" if completion.truncated else "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": completion.input_tokens, "output_tokens": completion.output_tokens},
    }
    return Answer(response, completion.input_tokens, completion.output_tokens)


def _permit(body: Mapping[str, Any], members: Collection[str], where: str = "") -> None:
    for key in body:
        if key not in members:
            raise RefusedError(400, f"{where}{key}: Extra inputs are not permitted")


def _permit_turns(body: Mapping[str, Any], roles: Collection[str]) -> None:
    """Refuse other roles, and what is no member of a turn, or of a block of text or image; less is known of others."""
    turns = body["messages"] if isinstance(body["messages"], list) else []
    for number, turn in enumerate(turns):
        if isinstance(turn, dict):
            _permit(turn, _TURN, f"messages.{number}.")
            if turn.get("role", "user") not in roles:
                raise RefusedError(400, _UNEXPECTED_ROLE.format(turn["role"]))
            _permit_blocks(turn.get("content"), f"messages.{number}.content")
    _permit_blocks(body.get("system"), "system")


def _permit_blocks(content: object, where: str) -> None:
    blocks = content if isinstance(content, list) else []
    for number, block in enumerate(blocks):
        kind = block.get("type") if isinstance(block, dict) else None
        if isinstance(kind, str) and kind in _BLOCKS:
            _permit(block, _BLOCKS[kind], f"{where}.{number}.{kind}.")
