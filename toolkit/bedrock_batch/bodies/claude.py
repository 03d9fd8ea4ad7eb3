"""Bodies for Anthropic Claude.

https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-messages-request-response.html
"""

from typing import Any

from bedrock_batch.bodies.losses import BodyError
from bedrock_batch.bodies.request import Image, Part, Request, Text, Tool, ToolChoice, ToolResult, ToolUse
from bedrock_batch.bodies.schemas import taken
from bedrock_batch.bodies.turns import Turn, declared, turns_of
from bedrock_batch.bodies.values import Names, call_id, settings_by

#: Each Claude model can answer with as many tokens.
DEFAULT_MAX_TOKENS = 4096

_NAMES = Names("max_tokens", "temperature", "top_p", "stop_sequences", takes_space=False)
_NONE = ToolChoice("none")


class ClaudeBodies:
    """Writes bodies for a model.

    Parameters
    ----------
    takes_one_of_both : bool
        Whether the model refuses a temperature with a top_p.
    takes_prefill : bool
        Whether the last message may be the assistant's.
    takes_schemas : bool
        Whether answers, and calls of tools, can be held to a schema.
    """

    def __init__(self, *, takes_one_of_both: bool, takes_prefill: bool, takes_schemas: bool) -> None:
        self._takes_one_of_both, self._takes_prefill = takes_one_of_both, takes_prefill
        self._takes_schemas = takes_schemas

    def write(self, request: Request, lost: set[str]) -> dict[str, Any]:
        """Write a body."""
        system, turns = turns_of(request, lost)
        self._end(turns, lost)
        body: dict[str, Any] = {
            "anthropic_version": "bedrock-2023-05-31",
            "messages": [{"role": role, "content": _content(parts)} for role, parts in turns],
            **settings_by(_NAMES, request.settings, lost),
        }
        if self._takes_one_of_both and "temperature" in body and "top_p" in body:
            _leave_one(body, lost)
        if system:
            body["system"] = system[0] if len(system) == 1 else [{"type": "text", "text": text} for text in system]
        if tools := declared(request, lost):
            _refuse_repeats(turns)
            choice = request.tool_choice if request.tools else _NONE
            self._add_tools(body, tools, choice, lost)
        if request.others:
            self._add_others(body, request.others, lost)
        return body

    def _end(self, turns: list[Turn], lost: set[str]) -> None:
        role, parts = turns[-1]
        if role == "user":
            return
        last = parts[-1]
        if not self._takes_prefill and isinstance(last, Text):
            raise BodyError("ends with a message of the assistant, which this model refuses; end with the user's")
        if isinstance(last, Text) and last.text != last.text.rstrip():
            lost.add("space at the end of an assistant message")
            parts[-1] = Text(last.text.rstrip())

    def _add_tools(
        self, body: dict[str, Any], tools: tuple[Tool, ...], choice: ToolChoice | None, lost: set[str]
    ) -> None:
        if not self._takes_schemas and any(tool.strict for tool in tools):
            lost.add("strict tools")
        body["tools"] = [_tool(tool, lost, strict=tool.strict and self._takes_schemas) for tool in tools]
        if choice:
            body["tool_choice"] = {"type": choice.mode, **({"name": choice.name} if choice.name else {})}

    def _add_others(self, body: dict[str, Any], others: dict[str, Any], lost: set[str]) -> None:
        for name, value in others.items():
            if name == "parallel_tool_calls" and "tools" in body:
                choice = body.setdefault("tool_choice", {"type": "auto"})
                if choice["type"] != "none":
                    choice["disable_parallel_tool_use"] = True
            elif name == "response_format" and self._takes_schemas and value.get("type") == "json_schema":
                if value["json_schema"].get("description"):
                    lost.add("description of a schema")
                schema = taken(value["json_schema"].get("schema") or {"type": "object"}, lost)
                body["output_config"] = {"format": {"type": "json_schema", "schema": schema}}
            else:
                lost.add(name)


def _refuse_repeats(turns: list[Turn]) -> None:
    ids = [part.id for _, parts in turns for part in parts if type(part) is ToolUse]
    if len(set(ids)) < len(ids):
        raise BodyError("has two calls of the same id, which this model refuses; give each of a conversation its own")


def _tool(tool: Tool, lost: set[str], *, strict: bool) -> dict[str, Any]:
    described = {"description": tool.description} if tool.description else {}
    schema = tool.schema or {"type": "object"}
    if strict:
        return {"name": tool.name, **described, "input_schema": taken(schema, lost), "strict": True}
    return {"name": tool.name, **described, "input_schema": schema}


def _leave_one(body: dict[str, Any], lost: set[str]) -> None:
    # The usual value of both is 1: to leave that out is to say the same.
    if body["temperature"] == 1:
        del body["temperature"]
    elif body.pop("top_p") != 1:
        lost.add("temperature with top_p")


def _content(parts: list[Part]) -> str | list[dict[str, Any]]:
    if len(parts) == 1 and type(parts[0]) is Text:
        return parts[0].text
    return [_part(part) for part in parts]


def _part(part: Part) -> dict[str, Any]:
    match part:
        case Text(text):
            return {"type": "text", "text": text}
        case Image(format, data):
            if not data:
                raise BodyError("has an image in S3, and Claude takes its bytes; give these, or choose Converse")
            source = {"type": "base64", "media_type": f"image/{format}", "data": data}
            return {"type": "image", "source": source}
        case ToolUse(id, name, input):
            return {"type": "tool_use", "id": call_id(id), "name": name, "input": input}
        case ToolResult(id, answers):
            content = [_part(answer) for answer in answers if answer.text.strip()]
            return {"type": "tool_result", "tool_use_id": call_id(id), **({"content": content} if content else {})}
