"""The parts of a message of OpenAI's."""

import re
import string
from typing import Any

from bedrock_batch.bodies.request import Image, ImageFormat, Text
from bedrock_batch.openai_batch.faults import FaultyLineError, unlike
from bedrock_batch.openai_batch.unread import lose_unread
from bedrock_batch.values import described, shortened

_FORMATS: dict[str, ImageFormat] = {
    "image/png": "png",
    "image/jpeg": "jpeg",
    "image/jpg": "jpeg",
    "image/gif": "gif",
    "image/webp": "webp",
}
_DATA = re.compile(r"data:([^;,]*)((?:;[^;,]*)*),", re.IGNORECASE)
_BASE64 = (string.ascii_letters + string.digits + "+/").encode()
_PLAIN = 2
_READ, _READ_OF_IMAGE = frozenset({"type", "image_url"}), frozenset({"url", "detail"})
# What no body is given: a sound, a file of OpenAI's. What they are is in the member of that name.
_LEFT_OUT = {"input_audio": "input_audio parts", "file": "file parts"}


def parts_of(content: list[Any], lost: set[str], *, images: bool = False) -> tuple[Text | Image, ...]:
    """Read the parts of what a message says.

    Parameters
    ----------
    images : bool
        Whether images may be among them: OpenAI takes them of users only. Default: they may not.

    Raises
    ------
    FaultyLineError
        If one is not as OpenAI has it, or is an image that is not in the line.
    """
    found: list[Text | Image] = []
    for place, part in enumerate(content):
        try:
            if (read := _part(part, lost, images=images)) is not None:
                found.append(read)
        except FaultyLineError as fault:
            raise fault.below(place) from None
    return tuple(found)


def text_of(content: object, lost: set[str]) -> str:
    """Read what is text alone, such as what the system says.

    Raises
    ------
    FaultyLineError
        If it is something else.
    """
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "".join(part.text for part in parts_of(content, lost) if isinstance(part, Text))
    raise FaultyLineError(f"'content' must be a text or a list of parts, got {described(content)}; correct it")


def _part(part: object, lost: set[str], *, images: bool) -> Text | Image | None:
    if not isinstance(part, dict):
        raise FaultyLineError(f'a part must be an object, got {described(part)}; write it as {{"type": "text", …}}')
    kind = part.get("type")
    if kind in ("text", "refusal"):
        text = part.get("text" if kind == "text" else "refusal")
        if not isinstance(text, str):
            raise unlike(kind, "a text", text)
        if len(part) > _PLAIN:
            lose_unread(part, {"type", kind}, "a part", lost)
        return Text(text)
    if kind == "image_url" and images:
        lose_unread(part, _READ, "a part", lost)
        return _image(part.get("image_url"), lost)
    if isinstance(kind, str) and kind in _LEFT_OUT:
        lost.add(_LEFT_OUT[kind])
        return None
    named = shortened(kind) if isinstance(kind, str) else described(kind)
    raise FaultyLineError(
        f"a part of the type {named} is not known here; write a text, or where the user speaks an image", "type"
    )


def _image(found: object, lost: set[str]) -> Image:
    url = found.get("url") if isinstance(found, dict) else found
    if not isinstance(url, str):
        raise unlike("image_url", 'an object with a "url"', found)
    if isinstance(found, dict):
        lose_unread(found, _READ_OF_IMAGE, "an image", lost)
        if found.get("detail") not in (None, "auto"):
            lost.add("detail of an image")
    head = _DATA.match(url)
    if not head:
        raise FaultyLineError(
            f"the image {shortened(url)} is not in the line, and the service fetches none; write it as a data URL: "
            "data:image/png;base64,…",
            "image_url",
        )
    form, data = _FORMATS.get(head[1].lower()), url[head.end() :]
    if form is None:
        raise FaultyLineError(
            f"an image must be PNG, JPEG, GIF or WebP, got {shortened(head[1])}; convert it", "image_url"
        )
    if not head[2].lower().endswith(";base64") or not _is_base64(data):
        raise FaultyLineError(
            f"the data URL {shortened(url)} is not in base64, padded and in one line; write it so", "image_url"
        )
    return Image(form, data)


def _is_base64(data: str) -> bool:
    """Whether it is: all but what fills it up are letters, looked for in a quarter of the time that a pattern takes."""
    if not data or len(data) % 4 or not data.isascii():
        return False
    filled = data.encode().translate(None, _BASE64)
    return filled in (b"", b"=", b"==") and data.endswith(filled.decode())
