"""What values of a body for Anthropic Claude have to be beside each other.

https://docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-extended-thinking.html,
https://platform.claude.com/docs/en/build-with-claude/extended-thinking and
https://platform.claude.com/docs/en/about-claude/models/migration-guide; what they leave open is as the service has been
seen to say it, such as "`temperature` may only be set to 1 when thinking is enabled or in adaptive mode".
"""

from collections.abc import Iterable, Sequence

from msgspec import UNSET, UnsetType

from bedrock_batch.records.checking.shapes.claude_blocks import (
    MessageText,
    RedactedThinking,
    Thinking,
    ToolResult,
    ToolUse,
)
from bedrock_batch.records.checking.shapes.relations import broken

_LEAST_TOP_P = 0.95
# Thoughts between calls of tools may add up to more than one answer.
_INTERLEAVED = "interleaved-thinking"
_INSTEAD = "remove it, or remove 'thinking'"


def require_one_of_both(temperature: float | UnsetType, top_p: float | UnsetType) -> None:
    """Refuse two ways to say how much chance there is."""
    if temperature is not UNSET and top_p is not UNSET:
        raise broken("top_p", "is not taken together with 'temperature' by this model; remove one of both")


def require_usual_chance(temperature: float | UnsetType, top_p: float | UnsetType) -> None:
    """Refuse other chance than the usual one for a model that thinks."""
    if temperature is not UNSET and temperature != 1:
        raise broken("temperature", f"must be 1 where 'thinking' is on, got {temperature}; {_INSTEAD}")
    if top_p is not UNSET and top_p < _LEAST_TOP_P:
        raise broken("top_p", f"must be at least {_LEAST_TOP_P} where 'thinking' is on, got {top_p}; {_INSTEAD}")


def refuse_top_k(top_k: int | UnsetType) -> None:
    """Refuse it for a model that thinks within a budget."""
    if top_k is not UNSET:
        raise broken("top_k", f"is not taken where 'thinking' is on; {_INSTEAD}")


def require_budget(budget: int, max_tokens: int, betas: list[str] | UnsetType) -> None:
    """Refuse a budget that leaves no token for the answer."""
    if budget >= max_tokens and not any(beta.startswith(_INTERLEAVED) for beta in betas or ()):
        rule = f"must be less than 'max_tokens', which is {max_tokens:,}, got {budget:,}; change one of both"
        raise broken("thinking.budget_tokens", rule)


def require_free_choice(choice: str) -> None:
    """Refuse to force a model that thinks to call a tool."""
    if choice in ("any", "tool"):
        raise broken(
            "tool_choice.type", f'must be "auto" or "none" where \'thinking\' is on, got "{choice}"; change it'
        )


def require_tools(choice: str, name: str | UnsetType, tools: Sequence[str]) -> None:
    """Refuse to force a call of a tool that is not there."""
    if choice == "any" and not tools:
        raise broken("tool_choice", "asks for a tool where 'tools' has none; add the tools, or remove it")
    if choice == "tool" and name not in tools:
        raise broken("tool_choice", "names a tool that 'tools' does not have; name one of them, or remove it")


def require_calls(contents: Iterable[object]) -> None:
    """Require that a tool answers what it was asked before."""
    asked = set()
    for place, parts in enumerate(contents):
        for position, part in enumerate(parts if isinstance(parts, list) else ()):
            if isinstance(part, ToolUse):
                asked.add(part.id)
            elif isinstance(part, ToolResult) and part.tool_use_id not in asked:
                rule = "is the id of no 'tool_use' in the messages before; name one of them, or add it"
                raise broken(f"messages[{place}].content[{position}].tool_use_id", rule)


def refuse_prefill(place: int, content: object, why: str) -> None:
    """Refuse the first words of the answer."""
    last = content[-1] if isinstance(content, list) else content
    if isinstance(last, str | MessageText):
        raise broken(
            f"messages[{place}].role", f'must be "user" in the last message {why}; remove the assistant\'s words'
        )


def begins_with_thoughts(content: object) -> bool:
    """Whether a message begins as one does of which the model has thought."""
    return isinstance(content, list) and isinstance(content[0], Thinking | RedactedThinking)
