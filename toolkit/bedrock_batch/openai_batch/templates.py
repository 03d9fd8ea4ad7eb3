"""Requests that differ in their texts alone, as most of a file do: the record of one is that of all, but for the texts.

A text that stays as it is need not be read and written again: it goes from the line into the record as it stands there.
That takes half the time. Whatever else a request has, or might have, is looked at closely.
"""

import re
from collections.abc import Sequence
from contextlib import suppress
from secrets import token_hex
from typing import Any

from msgspec import MsgspecError, Raw, Struct
from msgspec.json import Decoder, Encoder, decode

from bedrock_batch.bodies.losses import BodyError
from bedrock_batch.openai_batch.faults import FaultyLineError
from bedrock_batch.openai_batch.lines import Line
from bedrock_batch.openai_batch.record_maker import RecordMaker

# A text that is more than space, as most of what is no space begins: what else there is takes the other way.
_MORE_THAN_SPACE = re.compile(
    rb"""
    "(?:[ ]|\\[nrt])*
    (?: [!#-\[\]-~] | \\["\\/] | [\xc3-\xe0\xe4-\xf4] | \xe3[\x81-\xbf]
      | \\u(?: 00[c-f] | 0[1-9a-f] | 30[4-9a-f] | [4-9a-c] | d[89ab] ) )
    """,
    re.VERBOSE | re.IGNORECASE,
).match
# Conversations of other kinds are not worth it.
_KINDS = 100
_TRIED = 100


class _Message(Struct, gc=False, forbid_unknown_fields=True):
    role: str
    content: Raw


class RawLine(Struct, gc=False, forbid_unknown_fields=True):
    """A line whose body is not read yet."""

    custom_id: str
    method: str
    url: str
    body: dict[str, Raw]


class _Only(Struct, array_like=True, forbid_unknown_fields=True, gc=False):
    line: RawLine


class _Template(Struct, gc=False):
    """A record with gaps.

    Attributes
    ----------
    form : bytes
        The record with a `%b` for the id and one for each text; empty if there is no such record.
    order : list of int
        Which text goes where.
    """

    method: str
    url: str
    rest: dict[str, Raw]
    form: bytes
    order: list[int]
    lost: set[str]
    model: Any
    unlimited: bool


_decode, _messages, _encode = Decoder(_Only).decode_lines, Decoder(list[_Message]).decode, Encoder().encode


def raw_lines(block: bytes) -> list[RawLine] | None:
    """Read lines in brackets, but not their bodies; None if they have to be looked at one by one."""
    try:
        if not block.isascii():
            block.decode()  # What is not read is not held against UTF-8 either.
        return [each.line for each in _decode(block)]
    except (MsgspecError, UnicodeDecodeError, RecursionError):
        return None


class Templates:
    """Records with gaps for texts, by who speaks in which order.

    Parameters
    ----------
    maker : RecordMaker
        Makes the first record of each kind, and counts all.
    """

    def __init__(self, maker: RecordMaker) -> None:
        self._maker = maker
        self._lines = self._misses = 0
        self._kinds: dict[tuple[str, ...], _Template] = {}

    @property
    def are_worth_it(self) -> bool:
        """Whether most lines have been like others."""
        return self._misses * 2 < self._lines + _TRIED

    def record(self, line: RawLine) -> tuple[bytes, set[str]] | None:
        """Write the record of a line, and say what is lost; None if the line has to be looked at closely."""
        self._lines += 1
        found = self._record(line)
        self._misses += found is None
        return found

    def _record(self, line: RawLine) -> tuple[bytes, set[str]] | None:
        try:
            messages = _messages(line.body["messages"])
        except (KeyError, MsgspecError):
            return None
        texts = [bytes(message.content) for message in messages]
        roles = tuple([message.role for message in messages])
        # The last words of an assistant are not always written as they are.
        if roles[-1:] != ("user",) or not (line.custom_id and all(map(_MORE_THAN_SPACE, texts))):
            return None
        del line.body["messages"]
        found = self._kinds.get(roles)
        if found is None or found.rest != line.body or (found.url, found.method) != (line.url, line.method):
            found = self._template(line, roles)
        if not found.form:
            return None
        self._maker.count(found.model, unlimited=found.unlimited)
        return found.form % (_encode(line.custom_id), *[texts[place] for place in found.order]), found.lost

    def _template(self, line: RawLine, roles: Sequence[str]) -> _Template:
        marks = [f"a{token_hex(16)}" for _ in roles]
        messages = [{"role": role, "content": mark} for role, mark in zip(roles, marks, strict=True)]
        body = {name: decode(value) for name, value in line.body.items()} | {"messages": messages}
        template = _Template(line.method, line.url, line.body, b"", [], set(), body.get("model"), unlimited=False)
        self._misses += 1
        # What cannot be written is told when the line is looked at closely.
        with suppress(FaultyLineError, BodyError):
            written, template.unlimited = self._maker.write(Line("", line.method, line.url, body), template.lost)
            template.form, template.order = _form(_encode(written), marks)
        if len(self._kinds) < _KINDS or roles in self._kinds:
            self._kinds[tuple(roles)] = template
        return template


def _form(body: bytes, marks: Sequence[str]) -> tuple[bytes, list[int]]:
    """Put gaps in the place of marks; nothing if one is not there once, as a text of its own."""
    quoted = [_encode(mark) for mark in marks]
    if any(body.count(mark) != 1 for mark in quoted):
        return b"", []
    order = sorted(range(len(marks)), key=lambda place: body.index(quoted[place]))
    form = body.replace(b"%", b"%%")
    for mark in quoted:
        form = form.replace(mark, b"%b")
    return b'{"recordId":%%b,"modelInput":%b}' % form, order
