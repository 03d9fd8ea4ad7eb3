"""Lines that are decoded many at a time, and no further than to what is said in them."""

import re
from contextlib import suppress
from types import GenericAlias
from typing import Any

from msgspec import UNSET, MsgspecError, Raw, Struct, UnsetType, defstruct
from msgspec.json import Decoder

from bedrock_batch.records.input.blocks import lines_of

# More are none that a file has by intention.
_MEMBERS = 100
_MEMBER = re.compile(r"[a-z]\w*", re.ASCII)
_FAULTS = (MsgspecError, RecursionError)


class RawLine(Struct, gc=False, forbid_unknown_fields=True):
    """A line.

    Attributes
    ----------
    body : Struct
        Its messages, each with `role` and `content`, and whatever else it has, which is not read yet.
    """

    custom_id: str
    method: str
    url: str
    body: Any


class _Named(Struct, gc=False):
    body: dict[str, Raw]


_named = Decoder(_Named).decode


class RawLines:
    """Reads lines whose bodies have the members that there were before: one that has others teaches them.

    Parameters
    ----------
    content : type
        What the content of a message is read as: `str`, or `Raw` for not at all.
    """

    def __init__(self, content: type) -> None:
        message = defstruct("Message", [("role", str), ("content", content)], gc=False, forbid_unknown_fields=True)
        self._messages = GenericAlias(list, (message,))
        self._expect([])

    def read(self, block: bytes) -> list[RawLine | None] | None:
        """Read lines in brackets; None for one, or for all, that have to be looked at closely."""
        try:
            if not block.isascii():
                block.decode()  # What is not read is not held against UTF-8 either.
            return [line for (line,) in self._decode_block(block)]
        except UnicodeDecodeError:
            return None
        except _FAULTS:
            return list(map(self._line, lines_of(block)))

    def rest_of(self, line: RawLine) -> dict[str, Raw]:
        """Give what a body has beside its messages."""
        _, *values = (getattr(line.body, field) for field in line.body.__struct_fields__)
        return {name: value for name, value in zip(self._members, values, strict=False) if value is not UNSET}

    def detach(self, line: RawLine) -> None:
        """Let a line keep what it has beside its messages, and not the whole block that this stands in."""
        for field in line.body.__struct_fields__:
            if isinstance(value := getattr(line.body, field), Raw):
                setattr(line.body, field, value.copy())

    def _line(self, text: bytes) -> RawLine | None:
        with suppress(*_FAULTS):
            return self._decode(text)
        with suppress(*_FAULTS):
            if self._learns(_named(text).body):
                return self._decode(text)
        return None

    def _learns(self, found: dict[str, Raw]) -> bool:
        names = [name for name in found if name not in self._members and name != "messages"]
        if not (names and all(map(_MEMBER.fullmatch, names)) and len(self._members) + len(names) <= _MEMBERS):
            return False
        self._expect([*self._members, *names])
        return True

    def _expect(self, members: list[str]) -> None:
        named = {f"member_{place}": name for place, name in enumerate(members)}
        fields: list[Any] = [("messages", self._messages), *((field, Raw | UnsetType, UNSET) for field in named)]
        body = defstruct("Body", fields, rename=named, gc=False, forbid_unknown_fields=True)
        line: Any = defstruct("Line", [("body", body)], bases=(RawLine,), gc=False, forbid_unknown_fields=True)
        one: Decoder[RawLine] = Decoder(line)
        self._members = members
        self._decode, self._decode_block = one.decode, Decoder(tuple[line]).decode_lines
