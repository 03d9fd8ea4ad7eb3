"""What bodies say that are decoded as one of `families`, all members of all bodies at once."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from msgspec import MsgspecError, Raw
from msgspec.json import Decoder, decode

from bedrock_batch.results.output.families import Chat, Claude, Converse, ListedCall, Part
from bedrock_batch.results.output.parts import Call
from bedrock_batch.results.output.shapes import either

_OBJECT = Decoder(Raw)
# The first of `Columns`.
_Message = tuple[list[str | None], list[str | None], list[list[Call] | None], list[str | None]]


class Columns(NamedTuple):
    """As in `response.Answers`."""

    text: list[str | None]
    reasoning: list[str | None]
    tool_calls: list[list[Call] | None]
    stop_reason: list[str | None]
    input_tokens: list[int | None]
    output_tokens: list[int | None]
    latency_ms: list[int | None]


def quick_columns(bodies: Sequence[Any]) -> Columns | None:
    """Take what bodies say out of them; None of those that are decoded into dictionaries.

    Parameters
    ----------
    bodies : sequence of object
        All of one family; None for one that is not there.
    """
    family = _FAMILIES.get(next((type(body) for body in bodies if body is not None), dict))
    if family is None:
        return None
    answers = [family.nothing if body is None else body for body in bodies] if None in bodies else bodies
    # Lists in place of `attrgetter`, which takes as long for one step as these do for three.
    usages = [answer.usage for answer in answers]
    return Columns(
        *family.message(answers),
        [usage.input_tokens for usage in usages],
        [usage.output_tokens for usage in usages],
        [answer.metrics.latency_ms for answer in answers],
    )


def _of_converse(answers: Sequence[Converse]) -> _Message:
    return _in_parts(answers, [answer.output.message.content for answer in answers])


def _of_claude(answers: Sequence[Claude]) -> _Message:
    return _in_parts(answers, [answer.content for answer in answers])


def _in_parts(answers: Sequence[Claude | Converse], contents: Sequence[list[Part]]) -> _Message:
    texts, reasonings, calls = map(list, zip(*map(_said, contents), strict=True))
    return texts, reasonings, calls, [answer.stop_reason for answer in answers]


def _said(parts: list[Part]) -> tuple[str | None, str | None, list[Call] | None]:
    text: str | None = None
    reasoning: str | None = None
    calls: list[Call] = []
    for part in parts:
        found: str | None = None
        if part.text is not None:
            text = part.text if text is None else text + part.text
        elif part.type == "tool_use":
            calls.append(Call(part.id, part.name, part.input))
        elif part.type == "thinking":
            found = part.thinking
        elif (use := part.tool_use) is not None:
            calls.append(Call(use.tool_use_id, use.name, use.input))
        elif (content := part.reasoning_content) is not None and content.reasoning_text is not None:
            found = content.reasoning_text.text
        if found is not None:
            reasoning = found if reasoning is None else f"{reasoning}\n{found}"
    return text, reasoning, calls or None


def _of_chat(answers: Sequence[Chat]) -> _Message:
    choices = [answer.choices.first for answer in answers]
    messages = [choice.message for choice in choices]
    return (
        [message.content for message in messages],
        either([message.reasoning_content for message in messages], [message.reasoning for message in messages]),
        [_listed(message.tool_calls) if message.tool_calls else None for message in messages],
        [choice.finish_reason for choice in choices],
    )


def _listed(calls: Sequence[ListedCall]) -> list[Call]:
    return [Call(call.id, call.function.name, _read(call.function.arguments)) for call in calls]


def _read(arguments: str) -> Raw | str:
    try:
        # What is no object, `tool_calls` looks at more closely.
        return _OBJECT.decode(arguments) if arguments.startswith("{") else arguments
    except (MsgspecError, UnicodeEncodeError, RecursionError):
        return arguments


class _Family(NamedTuple):
    """How the bodies of a family are read.

    Attributes
    ----------
    nothing : object
        Stands for a body that is not there.
    message : callable
        Makes of many bodies the first columns, up to the stop reason.
    """

    nothing: Any
    message: Callable[[Sequence[Any]], _Message]


_FAMILIES: dict[type, _Family] = {
    Converse: _Family(decode(b'{"output":{"message":{"content":[]}},"stopReason":null}', type=Converse), _of_converse),
    Claude: _Family(decode(b'{"content":[],"stop_reason":null}', type=Claude), _of_claude),
    Chat: _Family(decode(b'{"choices":[{"message":{},"finish_reason":null}]}', type=Chat), _of_chat),
}
