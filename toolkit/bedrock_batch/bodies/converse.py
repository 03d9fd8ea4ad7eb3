"""Bodies for Converse and for Amazon Nova, which has most of its members.

https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html,
https://docs.aws.amazon.com/nova/latest/userguide/complete-request-schema.html
"""

import json
from typing import Any

from bedrock_batch.bodies.request import Image, Part, Request, Text, Tool, ToolResult, ToolUse
from bedrock_batch.bodies.turns import turns_of
from bedrock_batch.bodies.values import Names, settings_by

_NAMES = Names("maxTokens", "temperature", "topP", "stopSequences")


def write_converse(request: Request, lost: set[str]) -> dict[str, Any]:
    """Write a body for Converse. In a batch, it is documented to refuse tools."""
    body = _body(request, lost)
    if request.tools:
        lost.add("tools")
    for name, value in request.others.items():
        if name == "response_format" and value.get("type") == "json_schema":
            body["outputConfig"] = {"textFormat": _text_format(value["json_schema"])}
        else:
            lost.add(name)
    return body


def write_nova(request: Request, lost: set[str]) -> dict[str, Any]:
    """Write a body for Amazon Nova."""
    body = {"schemaVersion": "messages-v1", **_body(request, lost)}
    if request.tools:
        _add_tools(body, request, lost)
    lost.update(request.others)
    return body


def _body(request: Request, lost: set[str]) -> dict[str, Any]:
    system, turns = turns_of(request, lost)
    body: dict[str, Any] = {
        "messages": [{"role": role, "content": [_part(part) for part in parts]} for role, parts in turns]
    }
    if system:
        body["system"] = [{"text": text} for text in system]
    config = settings_by(_NAMES, request.settings, lost)
    if config:
        body["inferenceConfig"] = config
    return body


def _part(part: Part) -> dict[str, Any]:
    match part:
        case Text(text):
            return {"text": text}
        case Image(format, data, uri):
            source: dict[str, Any] = {"bytes": data} if data else {"s3Location": {"uri": uri}}
            return {"image": {"format": format, "source": source}}
        case ToolUse(id, name, input):
            return {"toolUse": {"toolUseId": id, "name": name, "input": input}}
        case ToolResult(id, answers):
            return {"toolResult": {"toolUseId": id, "content": [_part(answer) for answer in answers]}}


def _add_tools(body: dict[str, Any], request: Request, lost: set[str]) -> None:
    choice = request.tool_choice
    used = any(isinstance(part, ToolUse | ToolResult) for message in request.messages for part in message.parts)
    if choice and choice.mode == "none":
        if not used:
            return  # To know of no tool is to ask for none.
        lost.add("tool_choice")
    config: dict[str, Any] = {"tools": [{"toolSpec": _tool_spec(tool)} for tool in request.tools]}
    if choice and choice.mode in ("any", "auto"):
        config["toolChoice"] = {choice.mode: {}}
    elif choice and choice.mode == "tool":
        config["toolChoice"] = {"tool": {"name": choice.name}}
    body["toolConfig"] = config


def _tool_spec(tool: Tool) -> dict[str, Any]:
    described = {"description": tool.description} if tool.description else {}
    return {"name": tool.name, **described, "inputSchema": {"json": tool.schema or {"type": "object"}}}


def _text_format(wanted: dict[str, Any]) -> dict[str, Any]:
    named = {name: wanted[name] for name in ("name", "description") if wanted.get(name)}
    schema = {"schema": json.dumps(wanted.get("schema") or {"type": "object"}), **named}
    return {"type": "json_schema", "structure": {"jsonSchema": schema}}
