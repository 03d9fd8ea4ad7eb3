"""Bodies in the form of OpenAI's chat completions, which most providers' models take.

https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-openai.html,
https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-mistral-chat-completion.html
"""

import json
from typing import Any

from bedrock_batch.bodies.losses import BodyError
from bedrock_batch.bodies.request import Image, Message, Request, Text, Tool, ToolChoice, ToolResult, ToolUse
from bedrock_batch.bodies.values import Names, settings_by

_NAMES = Names("max_tokens", "temperature", "top_p", "stop", hottest=2)
# Members of OpenAI's that change what is answered and have their meaning in the model's server.
_CARRIED = frozenset(
    {
        *("frequency_penalty", "logit_bias", "parallel_tool_calls", "presence_penalty", "reasoning_effort"),
        *("response_format", "seed", "logprobs", "top_logprobs", "verbosity"),
    }
)
# Of these, Mistral AI's own pages have no more.
_CARRIED_BY_MISTRAL = frozenset({"parallel_tool_calls", "response_format"})
_CHOICES = {"auto": "auto", "any": "required", "none": "none"}


def write_chat(request: Request, lost: set[str], carried: frozenset[str] = _CARRIED) -> dict[str, Any]:
    """Write a body."""
    messages: list[dict[str, Any]] = [{"role": "system", "content": text} for text in request.system]
    for message in request.messages:
        messages += _messages(message)
    if not messages:
        raise BodyError("has no message; give it one of the user")
    body = {"messages": messages, **settings_by(_NAMES, request.settings, lost)}
    if request.tools:
        body["tools"] = [_tool(tool) for tool in request.tools]
        if request.tool_choice:
            body["tool_choice"] = _choice(request.tool_choice)
    for name, value in request.others.items():
        if name in carried:
            body[name] = value
        else:
            lost.add(name)
    return body


def write_mistral(request: Request, lost: set[str]) -> dict[str, Any]:
    """Write a body for Mistral AI."""
    return write_chat(request, lost, _CARRIED_BY_MISTRAL)


def _messages(message: Message) -> list[dict[str, Any]]:
    answers: list[dict[str, Any]] = []
    said: list[Text | Image] = []
    calls: list[dict[str, Any]] = []
    for part in message.parts:
        if isinstance(part, ToolResult):
            content = "".join(answer.text for answer in part.parts)
            answers.append({"role": "tool", "tool_call_id": part.id, "content": content})
        elif isinstance(part, ToolUse):
            function = {"name": part.name, "arguments": json.dumps(part.input, ensure_ascii=False)}
            calls.append({"id": part.id, "type": "function", "function": function})
        else:
            said.append(part)
    if calls:
        return [*answers, {"role": message.role, "content": _content(said) if said else None, "tool_calls": calls}]
    return [*answers, {"role": message.role, "content": _content(said)}] if said or not answers else answers


def _content(parts: list[Text | Image]) -> str | list[dict[str, Any]]:
    if len(parts) == 1 and isinstance(parts[0], Text):
        return parts[0].text
    return [_part(part) for part in parts] or ""


def _part(part: Text | Image) -> dict[str, Any]:
    if isinstance(part, Text):
        return {"type": "text", "text": part.text}
    if not part.data:
        raise BodyError("has an image in S3, and this model takes its bytes; give these, or choose Converse")
    return {"type": "image_url", "image_url": {"url": f"data:image/{part.format};base64,{part.data}"}}


def _tool(tool: Tool) -> dict[str, Any]:
    function: dict[str, Any] = {"name": tool.name}
    if tool.description:
        function["description"] = tool.description
    if tool.schema:
        function["parameters"] = tool.schema
    if tool.strict:
        function["strict"] = True
    return {"type": "function", "function": function}


def _choice(choice: ToolChoice) -> str | dict[str, Any]:
    if choice.mode == "tool":
        return {"type": "function", "function": {"name": choice.name}}
    return _CHOICES[choice.mode]
