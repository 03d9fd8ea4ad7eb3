"""Response bodies of the families that answer in parts or call tools, decoded by their members in one step.

This takes half the time that dictionaries take. A body that has another shape, or a member of another type, is refused,
and then decoded into dictionaries. Arguments of tools stay as they stand in the line.
"""

from msgspec import Raw, Struct, field


class _Function(Struct, gc=False):
    name: str
    arguments: str


class ListedCall(Struct, gc=False):
    """A call of a tool that stands beside what the message says."""

    function: _Function
    id: str | None = None


class _ToolUse(Struct, rename="camel", gc=False):
    input: Raw
    name: str | None = None
    tool_use_id: str | None = None


class _ReasoningText(Struct, gc=False):
    text: str | None = None


class _ReasoningContent(Struct, rename="camel", gc=False):
    reasoning_text: _ReasoningText | None = None


class Part(Struct, rename="camel", gc=False):
    """A part of what a message says, of Claude's messages or of Converse's."""

    type: str | None = None
    text: str | None = None
    thinking: str | None = None
    id: str | None = None
    name: str | None = None
    input: Raw = Raw(b"null")
    tool_use: _ToolUse | None = None
    reasoning_content: _ReasoningContent | None = None
    # Few have it, and those are refused.
    citations_content: None = None


class _Metrics(Struct, rename="camel", frozen=True, gc=False):
    latency_ms: int | None


class _Body(Struct, kw_only=True, gc=False):
    metrics: _Metrics = _Metrics(None)
    # The same.
    invocation: None = field(default=None, name="amazon-bedrock-invocationMetrics")


class _Usage(Struct, frozen=True, gc=False):
    input_tokens: int | None
    output_tokens: int | None


class Claude(_Body, gc=False):
    """Of Anthropic Claude."""

    content: list[Part]
    stop_reason: str | None
    usage: _Usage = _Usage(None, None)


class _ConverseUsage(Struct, rename="camel", frozen=True, gc=False):
    input_tokens: int | None
    output_tokens: int | None


class _Message(Struct, gc=False):
    content: list[Part]


class _Output(Struct, gc=False):
    message: _Message


class Converse(_Body, rename="camel", gc=False):
    """Of Amazon Nova, and of every model invoked through Converse."""

    output: _Output
    stop_reason: str | None
    usage: _ConverseUsage = _ConverseUsage(None, None)


class _ChatUsage(Struct, frozen=True, gc=False):
    input_tokens: int | None = field(name="prompt_tokens")
    output_tokens: int | None = field(name="completion_tokens")


class _ChatMessage(Struct, gc=False):
    content: str | None = None
    reasoning_content: str | None = None
    reasoning: str | None = None
    tool_calls: list[ListedCall] | None = None


class _Choice(Struct, gc=False):
    message: _ChatMessage
    finish_reason: str | None


class _Choices(Struct, array_like=True, gc=False):
    first: _Choice


class Chat(_Body, gc=False):
    """Of OpenAI, DeepSeek, Qwen, and others as vLLM answers."""

    choices: _Choices
    usage: _ChatUsage = _ChatUsage(None, None)
