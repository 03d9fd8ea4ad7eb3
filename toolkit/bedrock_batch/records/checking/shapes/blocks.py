"""The parts of messages as Converse and Amazon Nova have them.

https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ContentBlock.html
"""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Raw

from bedrock_batch.records.checking.shapes.values import AtLeastOne, Camel, NotEmpty, Optional, Skipped

_Name = Annotated[str, Meta(min_length=1, max_length=64)]


class Source(Camel):
    """Where a medium comes from."""

    bytes: Skipped = UNSET
    s3_location: None = None
    text: Skipped = UNSET
    content: Skipped = UNSET


class Image(Camel):
    """An image."""

    format: Literal["png", "jpeg", "gif", "webp"]
    source: Source
    error: Skipped = UNSET


class Video(Camel):
    """A video."""

    format: Literal["mkv", "mov", "mp4", "webm", "flv", "mpeg", "mpg", "wmv", "three_gp"]
    source: Source


class Audio(Camel):
    """A sound."""

    format: Literal[
        "mp3", "opus", "wav", "aac", "flac", "mp4", "ogg", "mkv", "mka", "x-aac", "m4a", "mpeg", "mpga", "pcm", "webm"
    ]
    source: Source
    error: Skipped = UNSET


class Document(Camel):
    """A document."""

    name: Annotated[str, Meta(min_length=1, max_length=200)]
    source: Source
    format: Optional[Literal["pdf", "csv", "doc", "docx", "xls", "xlsx", "html", "txt", "md"]] = UNSET
    context: Skipped = UNSET
    citations: Skipped = UNSET


class ToolUse(Camel):
    """What a model has asked of a tool."""

    tool_use_id: _Name
    name: _Name
    input: Raw
    type: Skipped = UNSET


class ToolAnswer(Camel):
    """A part of what a tool has answered."""

    json: Skipped = UNSET
    text: Optional[str] = UNSET
    image: Optional[Image] = UNSET
    document: Optional[Document] = UNSET
    video: Optional[Video] = UNSET
    search_result: Skipped = UNSET


class ToolResult(Camel):
    """What a tool has answered."""

    tool_use_id: _Name
    content: list[ToolAnswer]
    status: Optional[Literal["success", "error"]] = UNSET
    type: Skipped = UNSET


class Block(Camel):
    """A part of a message: one of these members."""

    text: Optional[NotEmpty] = UNSET
    cache_point: None = None
    image: Optional[Image] = UNSET
    document: Optional[Document] = UNSET
    video: Optional[Video] = UNSET
    audio: Optional[Audio] = UNSET
    tool_use: Optional[ToolUse] = UNSET
    tool_result: Optional[ToolResult] = UNSET
    guard_content: Skipped = UNSET
    reasoning_content: Skipped = UNSET


class SystemBlock(Camel):
    """A part of what the system says."""

    text: Optional[str] = UNSET
    cache_point: None = None
    guard_content: Skipped = UNSET


class InferenceConfig(Camel):
    """How an answer is made: the members that Converse and Amazon Nova have in common."""

    stop_sequences: Optional[list[NotEmpty]] = UNSET


class ToolSpec(Camel):
    """A tool that a model may ask for."""

    name: _Name
    input_schema: "ToolSchema"
    description: Optional[NotEmpty] = UNSET
    strict: Optional[bool] = UNSET


class ToolSchema(Camel):
    """What a tool takes."""

    json: Raw


class Tool(Camel):
    """A tool, or a mark between tools."""

    tool_spec: Optional[ToolSpec] = UNSET
    system_tool: Skipped = UNSET
    cache_point: None = None


class ToolConfig(Camel):
    """The tools that a model may ask for."""

    tools: AtLeastOne[Tool]
    tool_choice: Skipped = UNSET
