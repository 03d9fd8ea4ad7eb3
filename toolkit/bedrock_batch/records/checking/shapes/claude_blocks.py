"""The parts of messages as Anthropic Claude has them, after the `anthropic` package."""

from msgspec import UNSET, Raw, Struct

from bedrock_batch.records.checking.shapes.values import NotEmpty, Optional, Skipped, Snake


class ClaudeBlock(Snake, tag_field="type"):
    """A part of a message: it says what it is."""

    cache_control: None = None


class Text(ClaudeBlock, kw_only=True, tag="text"):
    """A text."""

    text: str
    citations: Skipped = UNSET


class MessageText(Text, kw_only=True, tag="text"):
    """A text that a message consists of: "text content blocks must be non-empty" is seen of others."""

    text: NotEmpty


class Image(ClaudeBlock, kw_only=True, tag="image"):
    """An image."""

    source: Raw


class Document(ClaudeBlock, kw_only=True, tag="document"):
    """A document."""

    source: Raw
    title: Skipped = UNSET
    context: Skipped = UNSET
    citations: Skipped = UNSET


class SearchResult(ClaudeBlock, kw_only=True, tag="search_result"):
    """What a search has found."""

    content: Raw
    source: Raw
    title: Raw
    citations: Skipped = UNSET


class Thinking(ClaudeBlock, kw_only=True, tag="thinking"):
    """What a model has thought."""

    thinking: Raw
    signature: Raw


class RedactedThinking(ClaudeBlock, kw_only=True, tag="redacted_thinking"):
    """What a model has thought and does not show."""

    data: Raw


class ToolUse(ClaudeBlock, kw_only=True, tag="tool_use"):
    """What a model has asked of a tool."""

    id: NotEmpty
    name: NotEmpty
    input: dict[str, Raw]
    caller: Skipped = UNSET


class ToolResult(ClaudeBlock, kw_only=True, tag="tool_result"):
    """What a tool has answered."""

    tool_use_id: NotEmpty
    content: "Optional[str | list[Text | Image | Document | SearchResult | ToolReference]]" = UNSET
    is_error: Optional[bool] = UNSET


class ToolReference(ClaudeBlock, kw_only=True, tag="tool_reference"):
    """A tool that a search has found."""

    tool_name: NotEmpty


class ServerBlock(Struct, gc=False, tag_field="type"):
    """A part that the service's own tools make: too little is known of it."""


class ServerToolUse(ServerBlock, tag="server_tool_use"):
    """What a model has asked of one."""


class WebSearch(ServerBlock, tag="web_search_tool_result"):
    """What it has answered."""


class WebFetch(ServerBlock, tag="web_fetch_tool_result"):
    """The same."""


class CodeExecution(ServerBlock, tag="code_execution_tool_result"):
    """The same."""


class BashExecution(ServerBlock, tag="bash_code_execution_tool_result"):
    """The same."""


class EditorExecution(ServerBlock, tag="text_editor_code_execution_tool_result"):
    """The same."""


class ToolSearch(ServerBlock, tag="tool_search_tool_result"):
    """The same."""


class ContainerUpload(ServerBlock, tag="container_upload"):
    """A file for code."""


class MidConversationSystem(ServerBlock, tag="mid_conv_system"):
    """What the system says in the middle."""


class Compaction(ServerBlock, tag="compaction"):
    """What stands for earlier messages."""


ClaudePart = (
    MessageText
    | Image
    | Document
    | SearchResult
    | Thinking
    | RedactedThinking
    | ToolUse
    | ToolResult
    | ServerToolUse
    | WebSearch
    | WebFetch
    | CodeExecution
    | BashExecution
    | EditorExecution
    | ToolSearch
    | ContainerUpload
    | MidConversationSystem
    | Compaction
)
