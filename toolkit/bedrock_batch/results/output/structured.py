"""Answers that were asked for as JSON."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from msgspec import MsgspecError, Raw, Struct
from msgspec.json import Decoder, encode

from bedrock_batch.results.output.slices import is_json

_OPENINGS = frozenset("{[ \t\r\n")


class Request(Struct, gc=False):
    """What a request body says of the form of its answer; the rest of it is not read.

    "Get validated JSON results from models" (https://docs.aws.amazon.com/bedrock/latest/userguide/structured-output.html)
    has the members; `output_format` is the first of Claude's, and JSON without a schema is OpenAI's and Cohere's.
    """

    output_config: Raw = Raw()
    output_format: Raw = Raw()
    outputConfig: Raw = Raw()  # noqa: N815 - the API's name
    response_format: Raw = Raw()


class _Format(Struct, gc=False):
    type: str = ""


class _Config(Struct, rename="camel", gc=False):
    format: _Format | None = None
    text_format: _Format | None = None


_FORMAT, _CONFIG = Decoder(_Format), Decoder(_Config)
Kind = TypeVar("Kind")
_JSON = frozenset({"json_schema", "json_object"})


def read_request(body: object) -> Request:
    """Read a request body that has been decoded."""
    given = body if isinstance(body, Mapping) else {}
    return Request(**{name: Raw(encode(given[name])) for name in Request.__struct_fields__ if name in given})


def structured_output(texts: Sequence[str | None], requests: Sequence[Request]) -> list[str | None]:
    """Give the answers that were asked for as JSON, and are; None for the others."""
    return [
        text.strip() if text and text[0] in _OPENINGS and _is_structured(request) and is_json(text) else None
        for text, request in zip(texts, requests, strict=True)
    ]


def _is_structured(request: Request) -> bool:
    config = _decoded(_CONFIG, request.output_config) or _decoded(_CONFIG, request.outputConfig) or _Config()
    formats = (
        config.format,
        config.text_format,
        _decoded(_FORMAT, request.output_format),
        _decoded(_FORMAT, request.response_format),
    )
    return any(found is not None and found.type in _JSON for found in formats)


def _decoded(decoder: Decoder[Kind], text: Raw) -> Kind | None:
    try:
        return decoder.decode(text) if memoryview(text).nbytes else None
    except (MsgspecError, UnicodeDecodeError):
        return None
