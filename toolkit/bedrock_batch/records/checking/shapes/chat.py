"""OpenAI's chat completions, which most providers' models take.

https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-openai.html,
https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-mistral-chat-completion.html, and
https://platform.openai.com/docs/api-reference/chat for the members that these do not name. Of what else a model's own
server may take nothing is known.
"""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct

from bedrock_batch.records.checking.shapes.values import AtLeastOne, Optional, Skipped, SnakeBody, Tokens, Whole

_Penalty = Annotated[float, Meta(ge=-2, le=2)]
_Temperature = Annotated[float, Meta(ge=0, le=2)]
_Share = Annotated[float, Meta(ge=0, le=1)]


class ChatPart(Struct, gc=False):
    """A part of a message: it says what it is."""

    type: Literal["text", "image_url", "input_audio", "audio_url", "video_url", "file", "refusal", "thinking"]
    text: Optional[str] = UNSET
    cache_control: None = None


class ChatMessage(Struct, gc=False):
    """A message."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[ChatPart] | None = None
    tool_calls: "Optional[list[ToolCall] | None]" = UNSET


class ToolCall(Struct, gc=False):
    """What a model has asked of a tool."""

    function: "CalledFunction"


class CalledFunction(Struct, gc=False):
    """The tool, and what it is given: a text of JSON."""

    name: str
    arguments: Skipped = UNSET


class ChatTool(Struct, gc=False):
    """A tool."""

    type: str
    function: "Optional[Function]" = UNSET


class Function(Struct, gc=False):
    """A function that a model may ask for."""

    name: str


class ResponseFormat(Struct, gc=False):
    """The form of an answer."""

    type: Literal["text", "json_object", "json_schema"]


class Chat(SnakeBody, kw_only=True):
    """A request."""

    messages: AtLeastOne[ChatMessage]
    # AWS's samples name the model in the body too.
    model: Optional[str] = UNSET
    max_tokens: Optional[Tokens | None] = UNSET
    max_completion_tokens: Optional[Tokens | None] = UNSET
    temperature: Optional[_Temperature | None] = UNSET
    top_p: Optional[_Share | None] = UNSET
    top_k: Optional[int | None] = UNSET
    min_p: Optional[_Share | None] = UNSET
    n: Optional[Tokens | None] = UNSET
    stop: Optional[str | list[str] | None] = UNSET
    stream: Optional[bool | None] = UNSET
    seed: Optional[int | None] = UNSET
    random_seed: Optional[int | None] = UNSET
    frequency_penalty: Optional[_Penalty | None] = UNSET
    presence_penalty: Optional[_Penalty | None] = UNSET
    repetition_penalty: Optional[float | None] = UNSET
    logprobs: Optional[bool | None] = UNSET
    top_logprobs: Optional[Whole | None] = UNSET
    logit_bias: Skipped = UNSET
    tools: Optional[list[ChatTool] | None] = UNSET
    tool_choice: Skipped = UNSET
    parallel_tool_calls: Optional[bool | None] = UNSET
    response_format: Optional[ResponseFormat | None] = UNSET
    reasoning_effort: Optional[str | None] = UNSET
    reasoning: Skipped = UNSET
    include_reasoning: Optional[bool | None] = UNSET
    thinking: Skipped = UNSET
    chat_template_kwargs: Skipped = UNSET
    safe_prompt: Optional[bool | None] = UNSET
    prompt_mode: Optional[str | None] = UNSET
    verbosity: Optional[str | None] = UNSET
    documents: Skipped = UNSET
    metadata: Skipped = UNSET
    user: Skipped = UNSET
    store: Optional[bool | None] = UNSET
    service_tier: Skipped = UNSET
    safety_identifier: Skipped = UNSET
    stream_options: Skipped = UNSET
