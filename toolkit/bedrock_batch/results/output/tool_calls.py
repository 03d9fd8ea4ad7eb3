"""Calls of tools as JSON, each argument as it stands in the line."""

from collections.abc import Iterator, Sequence

from msgspec import Raw
from msgspec.json import Encoder, decode

from bedrock_batch.results.output.parts import Call
from bedrock_batch.results.output.slices import elements, is_json, members

_ENCODER = Encoder()
_encode = _ENCODER.encode
_NOTHING = b"null"
# Of a text that may hold them; within another text, the quotes would be escaped.
_TEXT_AS_ARGUMENTS = b'"arguments":"'
_QUOTE = b'"'


def tool_calls(calls: Sequence[Sequence[Call] | None], lines: Sequence[bytes]) -> list[str | None]:
    """Write the calls of each line, if there are some, as a JSON list of objects with `id`, `name` and `arguments`."""
    if (first := next(filter(None, calls), None)) is None:
        return [None] * len(lines)
    texts = _as_they_stand(calls) if type(first[0].arguments) is Raw else None
    return texts or [_as_json(each, line) if each else None for each, line in zip(calls, lines, strict=True)]


def _as_they_stand(calls: Sequence[Sequence[Call] | None]) -> list[str | None] | None:
    """Write the calls of all lines in one step, which most can be; None if one cannot."""
    written = _ENCODER.encode_lines(calls)
    # A line feed, which arguments within a text may have, would divide them.
    if _TEXT_AS_ARGUMENTS in written or written.count(b"\n") != len(calls):
        return None
    return [text if each else None for each, text in zip(calls, written.decode().split("\n"), strict=False)]


def _as_json(calls: Sequence[Call], line: bytes) -> str:
    if type(calls[0].arguments) is Raw and _TEXT_AS_ARGUMENTS not in (written := _encode(calls)):
        return written.decode()  # what most of them are
    texts = [_verbatim(call.arguments, line) for call in calls]
    if None in texts:
        texts = _exact_where_needed(texts, calls, line)
    for call, text in zip(calls, texts, strict=True):
        call.arguments = Raw(text or _NOTHING)
    return _encode(calls).decode()


def _verbatim(arguments: object, line: bytes) -> bytes | str | None:
    """Give arguments as JSON if what was decoded can tell; None if only the line can."""
    if type(arguments) is Raw:
        if (text := bytes(arguments))[:1] != _QUOTE:
            return text
        arguments = decode(text)
    if type(arguments) is str:
        return arguments if is_json(arguments) else _encode(arguments)
    return text if _is_in(line, text := _encode(arguments)) else None


def _is_in(line: bytes, text: bytes) -> bool:
    """Whether decoding and encoding have lost nothing: what they gave stands in the line, near its end."""
    return line.rfind(text) >= 0


def _exact_where_needed(
    texts: Sequence[bytes | str | None], calls: Sequence[Call], line: bytes
) -> list[bytes | str | None]:
    exact = list(_exact(line))
    if len(exact) != len(calls):
        exact = [_encode(call.arguments) for call in calls]
    return [new if old is None else old for old, new in zip(texts, exact, strict=True)]


def _exact(line: bytes) -> Iterator[bytes]:
    """Find the arguments of each call in the line, in the shapes that `parts` knows."""
    body = members(members(line).get("modelOutput", b""))
    message = members(members(body.get("output", b"")).get("message", b""))
    for part in elements(message.get("content", body.get("content", b""))):
        found = members(part)
        if "toolUse" in found and found["toolUse"] != _NOTHING:
            yield members(found["toolUse"]).get("input", _NOTHING)
        elif found.get("type") == b'"tool_use"':
            yield found.get("input", _NOTHING)
    for call in elements(body.get("tool_calls", b"")):
        yield members(call).get("parameters", _NOTHING)
    for choice in elements(body.get("choices", b""))[:1]:
        for call in elements(members(members(choice).get("message", b"")).get("tool_calls", b"")):
            yield members(members(call).get("function", b"")).get("arguments", _NOTHING)
