"""What records asked, and the bodies as they stand in the lines."""

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import MsgspecError, Raw, Struct
from msgspec.json import Decoder

from bedrock_batch.errors import BedrockBatchError
from bedrock_batch.records.lines import parse_object
from bedrock_batch.records.surrogates import without_surrogates
from bedrock_batch.results.output.slices import in_utf8, members


class _Asked(Struct, rename="camel", gc=False):
    model_input: Any = None


class _Bodies(Struct, gc=False):
    modelInput: Raw = Raw()  # noqa: N815 - the service's name
    modelOutput: Raw = Raw()  # noqa: N815 - the same


_ASKED, _BODIES = Decoder(_Asked), Decoder(_Bodies)
_NOTHING = frozenset({b"", b"null"})
# Where families without messages have what is asked: Llama and Mistral, Titan, Cohere Command R and Embed.
_QUESTIONS = ("prompt", "inputText", "message", "texts", "inputs")


def bodies_of(lines: Sequence[bytes], name: str) -> list[str | None]:
    """Give `modelInput` or `modelOutput` of each line, as it stands there; None for a line that has none."""
    return [None if (text := _body(line, name)) in _NOTHING else text.decode(errors="replace") for line in lines]


def prompts_of(lines: Sequence[bytes]) -> list[str | None]:
    """Give what the record of each line asked: the texts of its last message, a line each; None if it has none."""
    return ["\n".join(texts) if (texts := list(_question(_model_input(line)))) else None for line in lines]


def _body(line: bytes, name: str) -> bytes:
    try:
        return bytes(getattr(_BODIES.decode(_kept(line)), name))
    except (MsgspecError, RecursionError):
        return members(line).get(name, b"")


def _model_input(line: bytes) -> object:
    try:
        return _ASKED.decode(_kept(line)).model_input
    except (MsgspecError, UnicodeDecodeError, RecursionError):
        return without_surrogates(parse_object(in_utf8(line)).get("modelInput"))


def _kept(line: bytes) -> bytes:
    if not line:
        raise BedrockBatchError("prompts and bodies are in the lines of the results; read these with lines=True")
    return line


def _question(body: object) -> Iterator[str]:
    if not isinstance(body, dict):
        return
    messages: object = body.get("messages")
    for message in reversed(messages) if isinstance(messages, list) else ():
        # The last may be the answer's beginning, or what a tool has said.
        if isinstance(message, dict) and message.get("role") != "assistant":
            texts = list(_texts(message.get("content")))
            yield from texts
            if texts:
                return
    for name in _QUESTIONS:
        yield from _texts(body.get(name))


def _texts(content: object) -> Iterator[str]:
    match content:
        case str():
            yield content
        case list():
            for each in content:
                yield from _texts(each)
        case {"text": str(text)}:
            yield text
        case {"content": list(parts)}:  # of Cohere Embed's inputs
            yield from _texts(parts)
