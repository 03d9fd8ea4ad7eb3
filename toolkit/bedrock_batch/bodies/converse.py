"""Bodies for Converse and for Amazon Nova, which has most of its members.

https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html,
https://docs.aws.amazon.com/nova/latest/userguide/complete-request-schema.html
"""

import json
from typing import Any

from bedrock_batch.bodies.losses import BodyError
from bedrock_batch.bodies.request import Image, Part, Request, Text, Tool, ToolResult, ToolUse
from bedrock_batch.bodies.schemas import taken
from bedrock_batch.bodies.turns import declared, turns_of
from bedrock_batch.bodies.values import Names, call_id, settings_by

_NAMES = Names("maxTokens", "temperature", "topP", "stopSequences")
# The model may be Claude.
_NAMES_OF_ANY = _NAMES._replace(takes_space=False)
_EMPTY = "(nothing)"


def write_converse(request: Request, lost: set[str]) -> dict[str, Any]:
    """Write a body for Converse. In a batch, it is documented to refuse tools."""
    body = _body(request, _NAMES_OF_ANY, lost)
    if any(isinstance(part, ToolUse | ToolResult) for message in request.messages for part in message.parts):
        raise BodyError("has calls of tools, which Converse refuses in a batch; choose the invocation type InvokeModel")
    if request.tools:
        lost.add("tools")
    for name, value in request.others.items():
        if name == "response_format" and value.get("type") == "json_schema":
            body["outputConfig"] = {"textFormat": _text_format(value["json_schema"], lost)}
        else:
            lost.add(name)
    return body


def write_nova(request: Request, lost: set[str]) -> dict[str, Any]:
    """Write a body for Amazon Nova."""
    body = _body(request, _NAMES, lost)
    body["schemaVersion"] = "messages-v1"
    if tools := declared(request, lost):
        _add_tools(body, tools, request, lost)
    if request.others:
        lost.update(request.others)
    return body


def _body(request: Request, names: Names, lost: set[str]) -> dict[str, Any]:
    system, turns = turns_of(request, lost)
    messages = []
    for role, parts in turns:
        only = parts[0]
        # Most have one, and a call takes as long as all the rest.
        content = [{"text": only.text}] if len(parts) == 1 and type(only) is Text else list(map(_part, parts))
        messages.append({"role": role, "content": content})
    body: dict[str, Any] = {"messages": messages}
    if system:
        body["system"] = [{"text": system[0]}] if len(system) == 1 else [{"text": text} for text in system]
    if config := settings_by(names, request.settings, lost):
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
            return {"toolUse": {"toolUseId": call_id(id), "name": name, "input": input}}
        case ToolResult(id, answers):
            texts = [{"text": answer.text} for answer in answers if answer.text.strip()] or [{"text": _EMPTY}]
            return {"toolResult": {"toolUseId": call_id(id), "content": texts}}


def _add_tools(body: dict[str, Any], tools: tuple[Tool, ...], request: Request, lost: set[str]) -> None:
    choice = request.tool_choice
    used = any(isinstance(part, ToolUse) for message in request.messages for part in message.parts)
    if any(tool.strict for tool in tools):
        lost.add("strict tools")
    if choice and choice.mode == "none":
        if not used:
            return  # To know of no tool is to ask for none.
        lost.add("tool_choice")
    config: dict[str, Any] = {"tools": [{"toolSpec": _tool_spec(tool)} for tool in tools]}
    if choice and choice.mode in ("any", "auto"):
        config["toolChoice"] = {choice.mode: {}}
    elif choice and choice.mode == "tool":
        config["toolChoice"] = {"tool": {"name": choice.name}}
    body["toolConfig"] = config


def _tool_spec(tool: Tool) -> dict[str, Any]:
    described = {"description": tool.description} if tool.description else {}
    return {"name": tool.name, **described, "inputSchema": {"json": tool.schema or {"type": "object"}}}


def _text_format(wanted: dict[str, Any], lost: set[str]) -> dict[str, Any]:
    named = {name: wanted[name] for name in ("name", "description") if wanted.get(name)}
    schema = {"schema": json.dumps(taken(wanted.get("schema") or {"type": "object"}, lost)), **named}
    return {"type": "json_schema", "structure": {"jsonSchema": schema}}
