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
# A mark may be written so; letters of other languages often are.
_ESCAPED_ASCII = re.compile(rb"\\u00[0-7]").search
_ESCAPED_MARKS = b'"\\/'
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
    inside : bool
        Whether each stands inside of another text, as in the prompt of Llama.
    """

    method: str
    url: str
    rest: dict[str, Raw]
    model: Any
    form: bytes = b""
    order: list[int] = []
    inside: bool = False
    lost: set[str] = set()
    unlimited: bool = False


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
        if found.inside:
            if not all(map(_is_plain, texts)):
                return None
            texts = [text[1:-1] for text in texts]
        self._maker.count(found.model, unlimited=found.unlimited)
        return found.form % (_encode(line.custom_id), *[texts[place] for place in found.order]), found.lost

    def _template(self, line: RawLine, roles: Sequence[str]) -> _Template:
        marks = [f"a{token_hex(16)}" for _ in roles]
        messages = [{"role": role, "content": mark} for role, mark in zip(roles, marks, strict=True)]
        body = {name: decode(value) for name, value in line.body.items()} | {"messages": messages}
        template = _Template(line.method, line.url, line.body, model=body.get("model"))
        self._misses += 1
        # What cannot be written is told when the line is looked at closely.
        with suppress(FaultyLineError, BodyError, RecursionError):
            written, template.unlimited = self._maker.write(Line("", line.method, line.url, body), template.lost)
            _fill(template, _encode(written), marks)
        if len(self._kinds) < _KINDS or roles in self._kinds:
            self._kinds[tuple(roles)] = template
        return template


def _fill(template: _Template, body: bytes, marks: Sequence[str]) -> None:
    """Make a form of a body: gaps in the place of marks, if each is there once, as a text of its own or inside one."""
    quoted = [_encode(mark) for mark in marks]
    template.inside = any(body.count(mark) != 1 for mark in quoted)
    gaps = [mark.encode() for mark in marks] if template.inside else quoted
    if any(body.count(gap) != 1 for gap in gaps):
        return
    template.order = sorted(range(len(gaps)), key=lambda place: body.index(gaps[place]))
    form = body.replace(b"%", b"%%")
    for gap in gaps:
        form = form.replace(gap, b"%b")
    template.form = b'{"recordId":%%b,"modelInput":%b}' % form


def _is_plain(text: bytes) -> bool:
    """Whether a text can stand in a prompt as it is: no mark of any model's in it, and no space around it."""
    return not (
        (b"<" in text and (b"<|" in text or b"<s>" in text or b"/s>" in text))
        or (b"[" in text and b"INST]" in text)
        or (b"\\u00" in text and _ESCAPED_ASCII(text))
        or text[1] == ord(" ")
        or (text[1] == ord("\\") and text[2] not in _ESCAPED_MARKS)
        or not ord(" ") < text[-2] <= ord("~")
        or (text[-3] == ord("\\") and text[-2] not in _ESCAPED_MARKS)
        or text[-7:-5] == b"\\u"
    )
