"""JSON values as they stand in a line: digits, escapes and repeated members that no decoder gives back."""

import codecs
import json
from collections.abc import Iterator
from typing import NoReturn

from msgspec import MsgspecError, Raw
from msgspec.json import Decoder

_ANY = Decoder(Raw)
_MEMBERS = Decoder(dict[str, Raw])
_ELEMENTS = Decoder(list[Raw])


def _refuse(name: str) -> NoReturn:
    raise ValueError(name)


# Of values, only their ends are wanted. NaN and its kind are no JSON.
_SLOWLY = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=_refuse)
_SPACE = " \t\n\r"


def members(value: bytes) -> dict[str, bytes]:
    """Give the text of each member of a JSON object, the last of several of one name; none of what is no object."""
    try:
        return {name: bytes(text) for name, text in _MEMBERS.decode(value).items()}
    except (MsgspecError, UnicodeDecodeError, RecursionError):
        pass
    slices = iter(_slices(value, "{"))
    # Of an object, each name and each value is a slice.
    return {str(name): text for (name, _), (_, text) in zip(slices, slices, strict=False)}


def elements(value: bytes) -> list[bytes]:
    """Give the text of each element of a JSON list; none of what is no list."""
    try:
        return list(map(bytes, _ELEMENTS.decode(value)))
    except (MsgspecError, UnicodeDecodeError, RecursionError):
        pass
    return [text for _, text in _slices(value, "[")]


def is_json(text: str) -> bool:
    """Whether a text is one JSON value."""
    try:
        _ANY.decode(text)
    except (MsgspecError, UnicodeEncodeError, RecursionError):
        pass
    else:
        return True
    try:
        _SLOWLY.decode(text)
    except (ValueError, RecursionError):
        return False
    return True


def in_utf8(line: bytes) -> bytes:
    """Put U+FFFD in the place of what is no UTF-8 in a line, and take away a byte order mark."""
    return line.removeprefix(codecs.BOM_UTF8).decode(errors="replace").encode()


def _slices(value: bytes, opening: str) -> Iterator[tuple[object, bytes]]:
    """Read what the quick reader does not, such as halves of surrogate pairs."""
    text = value.decode(errors="replace").strip(_SPACE)
    place = 1 if text.startswith(opening) else len(text)
    while place < len(text) - 1:
        if text[place] in f"{_SPACE},:":
            place += 1
            continue
        try:
            found, end = _SLOWLY.raw_decode(text, place)
        except RecursionError:
            return
        yield found, text[place:end].encode()
        place = end
