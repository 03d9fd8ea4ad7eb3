"""The parts of a message: what is said, what was thought before, and which tools are called."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct


class Call(Struct, gc=False):
    """A call of a tool.

    Attributes
    ----------
    id : object
        None in families that have none.
    name : object
        The tool's.
    arguments : object
        As they stand in the line, if they were not decoded (`msgspec.Raw`); as they were decoded; or in families in the
        shape of OpenAI's the text that holds them.
    """

    id: Any
    name: Any
    arguments: Any


#: What a message says: its text, joined; what the model thought, a paragraph for each part; the tools that it calls.
Said = tuple[str | None, str | None, list[Call] | None]


def said(values: Sequence[Any]) -> list[str | Said | None]:
    """Read the content of messages: a text, or parts; None for what is neither. Most are a single text."""
    only = [value[0] if type(value) is list and len(value) == 1 else value for value in values]
    texts = [part.get("text") if type(part) is dict else part for part in only]
    return [
        text if type(text) is str else _said(value) if type(value) is list else None
        for text, value in zip(texts, values, strict=True)
    ]


def called(values: Sequence[Any]) -> list[list[Call] | None]:
    """Read lists of calls, in the shape of OpenAI's or of Cohere's; None for what is none."""
    return [_calls(value) if type(value) is list else None for value in values]


def _said(value: list[Any]) -> Said | None:
    texts: list[str] = []
    thoughts: list[str] = []
    calls: list[Call] = []
    for part in value:
        if type(part) is not dict:
            continue
        if type(text := part.get("text")) is str:
            texts.append(text)
        elif (kind := part.get("type")) == "tool_use":  # Anthropic Claude
            calls.append(Call(part.get("id"), part.get("name"), part.get("input")))
        elif kind == "thinking" and type(thought := part.get("thinking")) is str:  # Anthropic Claude, Cohere
            thoughts.append(thought)
        elif type(use := part.get("toolUse")) is dict:  # Amazon Nova and Converse
            calls.append(Call(use.get("toolUseId"), use.get("name"), use.get("input")))
        elif (text := _other_text(part)) is not None:
            texts.append(text)
        elif (thought := _thought(part)) is not None:
            thoughts.append(thought)
    if not (texts or thoughts or calls):
        return None
    return "".join(texts) if texts else None, "\n".join(thoughts) if thoughts else None, calls or None


def _other_text(part: dict[str, Any]) -> str | None:
    if type(text := part.get("outputText")) is str:  # Amazon Titan Text
        return text
    cited = part.get("citationsContent")  # Converse, asked to cite documents
    return _texts(cited.get("content")) if type(cited) is dict else None


def _thought(part: dict[str, Any]) -> str | None:
    if type(content := part.get("reasoningContent")) is dict:  # Amazon Nova and Converse
        found = content.get("reasoningText")
        text = found.get("text") if type(found) is dict else None
        return text if type(text) is str else None
    if type(found := part.get("thinking")) is list:  # Mistral
        return _texts(found)
    return None


def _texts(parts: object) -> str:
    found = parts if isinstance(parts, list) else []
    return "".join(each["text"] for each in found if isinstance(each, dict) and isinstance(each.get("text"), str))


def _calls(value: list[Any]) -> list[Call] | None:
    return [call for each in value if type(each) is dict and (call := _listed_call(each))] or None


def _listed_call(each: dict[str, Any]) -> Call | None:
    if isinstance(function := each.get("function"), dict):
        return Call(each.get("id"), function.get("name"), function.get("arguments"))
    if "name" not in each:
        return None
    return Call(each.get("id"), each["name"], each.get("parameters"))
