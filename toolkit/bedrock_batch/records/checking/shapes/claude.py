"""Anthropic Claude.

https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-messages-request-response.html,
with the parts and tools of https://platform.claude.com/docs/en/api/messages as the `anthropic` package describes them.
What is not there is seen to be refused: "Extra inputs are not permitted".
"""

from typing import Annotated, ClassVar, Literal

from msgspec import UNSET, Meta, Raw, Struct

from bedrock_batch.records.checking.shapes.claude_blocks import ClaudePart, Text
from bedrock_batch.records.checking.shapes.claude_relations import (
    begins_with_thoughts,
    refuse_prefill,
    refuse_top_k,
    require_budget,
    require_calls,
    require_free_choice,
    require_one_of_both,
    require_tools,
    require_usual_chance,
)
from bedrock_batch.records.checking.shapes.values import (
    AtLeastOne,
    NotEmpty,
    Optional,
    Roles,
    Share,
    Skipped,
    Snake,
    SnakeBody,
    Tokens,
    Whole,
)


class ClaudeMessage(Snake):
    """A message."""

    role: Roles
    content: NotEmpty | AtLeastOne[ClaudePart]


class NewClaudeMessage(Snake):
    """A message for models that the system may speak to in the middle of a conversation.

    https://platform.claude.com/docs/en/build-with-claude/mid-conversation-system-messages
    """

    role: Literal["user", "assistant", "system"]
    content: NotEmpty | AtLeastOne[ClaudePart]


class Tool(Struct, gc=False):
    """A tool: of the user's own, or one that the model knows by its type."""

    name: Annotated[str, Meta(min_length=1, max_length=128)]
    description: Optional[str] = UNSET
    input_schema: Optional[dict[str, Raw]] = UNSET
    cache_control: None = None


class ToolChoice(Snake):
    """Which tool a model has to ask for."""

    type: Literal["auto", "any", "tool", "none"]
    name: Optional[str] = UNSET
    disable_parallel_tool_use: Optional[bool] = UNSET


class ThinkingEnabled(Snake, tag_field="type", tag="enabled"):
    """Thinking, within a budget."""

    budget_tokens: Annotated[int, Meta(ge=1024)]
    display: Skipped = UNSET


class ThinkingAdaptive(Snake, tag_field="type", tag="adaptive"):
    """As much thinking as it takes."""

    display: Skipped = UNSET


class ThinkingDisabled(Snake, tag_field="type", tag="disabled"):
    """No thinking."""


class Format(Struct, gc=False):
    """The form of an answer."""

    type: Literal["json_schema"]
    schema: dict[str, Raw]


class OutputConfig(Struct, gc=False):
    """What an answer looks like."""

    effort: Optional[str | None] = UNSET
    format: Optional[Format | None] = UNSET


class Metadata(Snake):
    """Who asks."""

    user_id: Optional[str | None] = UNSET


class Claude(SnakeBody, kw_only=True):
    """A request."""

    takes_prefill: ClassVar[bool] = True
    takes_one_of_both: ClassVar[bool] = False

    anthropic_version: Literal["bedrock-2023-05-31"]
    max_tokens: Tokens
    messages: AtLeastOne[ClaudeMessage]
    system: Optional[str | list[Text]] = UNSET
    temperature: Optional[Share] = UNSET
    top_p: Optional[Share] = UNSET
    top_k: Optional[Whole] = UNSET
    stop_sequences: Optional[list[NotEmpty]] = UNSET
    tools: Optional[list[Tool]] = UNSET
    tool_choice: Optional[ToolChoice] = UNSET
    thinking: Optional[ThinkingEnabled | ThinkingAdaptive | ThinkingDisabled] = UNSET
    output_config: Optional[OutputConfig] = UNSET
    output_format: Optional[Format] = UNSET
    metadata: Optional[Metadata] = UNSET
    anthropic_beta: Optional[list[str]] = UNSET
    context_management: Skipped = UNSET

    def __post_init__(self) -> None:
        if self.takes_one_of_both:
            require_one_of_both(self.temperature, self.top_p)
        if self.thinking is not UNSET:
            self._allow_thoughts(self.thinking)
        if self.tool_choice is not UNSET:
            names = [tool.name for tool in self.tools or ()]
            require_tools(self.tool_choice.type, self.tool_choice.name, names)
        # A message alone, as most are, is not looked into.
        if len(self.messages) > 1:
            require_calls([message.content for message in self.messages])
        if not self.takes_prefill and self.messages[-1].role == "assistant":
            refuse_prefill(len(self.messages) - 1, self.messages[-1].content, "to this model")

    def _allow_thoughts(self, thinking: ThinkingEnabled | ThinkingAdaptive | ThinkingDisabled) -> None:
        if isinstance(thinking, ThinkingDisabled):
            return
        require_usual_chance(self.temperature, self.top_p)
        if isinstance(thinking, ThinkingEnabled):
            refuse_top_k(self.top_k)
            require_budget(thinking.budget_tokens, self.max_tokens, self.anthropic_beta)
            if self.tool_choice is not UNSET:
                require_free_choice(self.tool_choice.type)
            if self.messages[-1].role == "assistant" and not begins_with_thoughts(self.messages[-1].content):
                refuse_prefill(len(self.messages) - 1, self.messages[-1].content, "where 'thinking' is on")


class Claude41(Claude, kw_only=True):
    """A request for models that take no more than one of two ways to say how much chance there is."""

    takes_one_of_both: ClassVar[bool] = True


class Claude46(Claude41, kw_only=True):
    """A request for models that begin their answers themselves."""

    takes_prefill: ClassVar[bool] = False


class Claude47(Claude46, kw_only=True):
    """A request for models that know themselves how much to think."""

    thinking: Optional[ThinkingAdaptive | ThinkingDisabled] = UNSET


class NewClaude(Claude47, kw_only=True):
    """A request for the newest models."""

    messages: AtLeastOne[NewClaudeMessage]  # type: ignore[assignment]  # wider than for the others
