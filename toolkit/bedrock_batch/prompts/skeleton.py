"""A body that is written once, with marks where each row has something else, and filled for each row."""

from __future__ import annotations

import re
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from msgspec.json import Encoder

from bedrock_batch.bodies.request import Image, Message, Request, Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bedrock_batch.bodies.request import ImageFormat
    from bedrock_batch.bodies.writing import BodyWriter
    from bedrock_batch.prompts.prompt import Prompt

ENCODER = Encoder()

# A text that nobody has in a template, in characters that no writer of bodies and no JSON changes.
_MARK = "cdkbedrockbatch5f2b8c1e9a7d4036mark"
_MARKS = re.compile(rf"{_MARK}(\d{{4}})".encode())
# The id of a line that has none yet.
_NO_ID = b'""'
# What a family may do something about: special tokens of those that know no messages, and space at the ends of texts.
_PROBE = " <|eot_id|></s>[INST] \n"


class Kind(NamedTuple):
    """What an image is like, which decides the form of a body.

    Attributes
    ----------
    format : {"png", "jpeg", "gif", "webp"}
        Its format.
    is_uri : bool
        Whether it is in S3.
    """

    format: ImageFormat
    is_uri: bool


class Skeleton(NamedTuple):
    """A line of the input with marks cut out.

    Attributes
    ----------
    form : bytes
        The line, with ``%b`` for the id and for each slot.
    slots : tuple of int
        What is put there after the id: the number of a field, those of the system first, or behind them of an image.
    """

    form: bytes
    slots: tuple[int, ...]


def skeleton_of(prompt: Prompt, write: BodyWriter, kinds: Sequence[Kind | None] = ()) -> Skeleton:
    """Write a body with marks, and cut it.

    Parameters
    ----------
    prompt : Prompt
        What is asked.
    write : BodyWriter
        Of the model.
    kinds : sequence of Kind or None
        What each image column has in a row; None for no image.

    Raises
    ------
    BodyError
        If no body of the family says it.
    """
    number = count()
    marked = [[_mark(next(number)) for _ in template.fields] for template in prompt.texts]
    images = [_image(kind, _mark(place)) for kind, place in zip(kinds, number, strict=False) if kind]
    body = line_of("", write(_request(prompt, marked, images)))
    pieces = _MARKS.split(body.replace(b"%", b"%%"))
    first, rest = pieces[0].split(_NO_ID, 1)
    form = b"%b".join([first + b'"', b'"' + rest, *pieces[2::2]])
    return Skeleton(form, tuple(map(int, pieces[1::2])))


def takes_each_text(prompt: Prompt, write: BodyWriter) -> bool:
    """Say whether a family takes every text as it is, so that no row needs a body of its own.

    Raises
    ------
    BodyError
        If no body of the family asks this.
    """
    skeleton = skeleton_of(prompt, write)
    probes = [[_PROBE] * len(template.fields) for template in prompt.texts]
    filled = skeleton.form % (b"", *escaped([_PROBE] * len(skeleton.slots)))
    return filled == line_of("", write(_request(prompt, probes, ()), set()))


def line_of(record_id: str, body: Mapping[str, object]) -> bytes:
    """Write a record as a line."""
    return ENCODER.encode({"recordId": record_id, "modelInput": body}) + b"\n"


def escaped(texts: Sequence[str]) -> list[bytes]:
    """Write texts as they stand in JSON, without the quotes around them."""
    # Between two texts is the only place where a line feed can be, and no other control character is anywhere.
    return [text[1:-1] for text in ENCODER.encode_lines(texts).split(b"\n")[:-1]]


def _mark(number: int) -> str:
    return f"{_MARK}{number:04}"


def _image(kind: Kind, text: str) -> Image:
    return Image(kind.format, uri=text) if kind.is_uri else Image(kind.format, data=text)


def _request(prompt: Prompt, parts: Sequence[Sequence[str]], images: Sequence[Image]) -> Request:
    *system, asked = [template.joined(each) for template, each in zip(prompt.texts, parts, strict=True)]
    return Request((Message("user", (*images, Text(asked))),), tuple(system), prompt.settings)
