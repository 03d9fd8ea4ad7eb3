"""Requests that differ in their texts alone, as most of a file do: the record of one is that of all, but for the texts.

A text that stays as it is need not be read and written again: it goes from the line into the record as it stands there.
That takes half the time. Whatever else a request has, or might have, is looked at closely.
"""

from collections.abc import Sequence
from contextlib import suppress
from operator import attrgetter, itemgetter
from secrets import token_hex
from typing import Any

from msgspec import Struct
from msgspec.json import Encoder, decode

from bedrock_batch.bodies.losses import BodyError
from bedrock_batch.openai_batch.faults import FaultyLineError
from bedrock_batch.openai_batch.gaps import INSIDE, WHOLE, Texts
from bedrock_batch.openai_batch.lines import Line
from bedrock_batch.openai_batch.raw_lines import RawLine, RawLines
from bedrock_batch.openai_batch.record_maker import RecordMaker

# Conversations of other kinds are not worth it.
_KINDS = 100
_TRIED = 100
# Whoever puts texts together does so with those of one speaker, if not with all.
_PROBE = ("system", "system", "user")


_role, _content, _encode = attrgetter("role"), attrgetter("content"), Encoder().encode


class _Template(Struct, gc=False):
    """A record with gaps.

    Attributes
    ----------
    like : RawLine
        A line of its kind, without the messages.
    model : object
        Which model it names.
    form : bytes
        The record with a `%b` for the id and one for each text; empty if there is no such record.
    order : callable
        Puts the id and the texts into the order of the form.
    """

    like: RawLine
    model: Any
    form: bytes = b""
    order: Any = None
    lost: set[str] = set()
    unlimited: bool = False

    def fits(self, line: RawLine) -> bool:
        """Whether a line without its messages is of its kind."""
        like = self.like
        return bool(line.body == like.body and line.url == like.url and line.method == like.method)


class Templates:
    """Records with gaps for texts, by who speaks in which order.

    Parameters
    ----------
    maker : RecordMaker
        Makes the first record of each kind, and counts all.
    """

    def __init__(self, maker: RecordMaker) -> None:
        self._maker, self._texts = maker, _texts_of(maker)
        self._reader = RawLines(self._texts.kind)
        self._lines = self._alike = 0
        self._kinds: dict[tuple[str, ...], _Template] = {}

    def lines(self, block: bytes) -> Sequence[RawLine | None] | None:
        """Read lines in brackets; None for one, or all, that have to be looked at closely, as most before had to be."""
        if (self._lines - self._alike) * 2 >= self._lines + _TRIED:
            return None
        found = self._reader.read(block)
        self._lines += len(found or ())
        return found

    def record(self, line: RawLine) -> tuple[bytes, set[str]] | None:
        """Write the record of a line, and say what is lost; None if the line has to be looked at closely."""
        messages, line.body.messages = line.body.messages, []
        roles = tuple(map(_role, messages))
        # The last words of an assistant are not always written as they are.
        if roles[-1:] != ("user",) or not line.custom_id:
            return None
        found = self._kinds.get(roles)
        if found is None or not found.fits(line):
            found = self._template(line, roles)
        texts = self._texts.filling(list(map(_content, messages))) if found.form else ()
        if not texts:
            return None
        self._alike += 1
        self._maker.count(found.model, unlimited=found.unlimited)
        return found.form % found.order((_encode(line.custom_id), *texts)), found.lost

    def _template(self, line: RawLine, roles: tuple[str, ...]) -> _Template:
        rest = {name: decode(value) for name, value in self._reader.rest_of(line).items()}
        template = _Template(line, model=rest.get("model"))
        self._alike -= 1
        # What cannot be written is told when the line is looked at closely.
        with suppress(FaultyLineError, BodyError, RecursionError):
            marked = Line("", line.method, line.url, rest)
            body, marks, template.unlimited = _written(self._maker, marked, roles, template.lost)
            _cut(template, body, list(map(self._texts.gap, marks)))
        if len(self._kinds) < _KINDS or roles in self._kinds:
            self._reader.detach(line)
            self._kinds[roles] = template
        return template


def _texts_of(maker: RecordMaker) -> Texts:
    """Say how the bodies of a model have texts, by one that has three."""
    with suppress(FaultyLineError, BodyError):
        body, marks, _ = _written(maker, Line("", "POST", "/v1/chat/completions", {}), _PROBE, set())
        if any(body.count(WHOLE.gap(mark)) != 1 for mark in marks):
            return INSIDE
    return WHOLE


def _written(maker: RecordMaker, line: Line, roles: Sequence[str], lost: set[str]) -> tuple[bytes, Sequence[str], bool]:
    """Write the body of a line with marks for texts; give it, the marks, and whether answers have no limit."""
    marks = [f"a{token_hex(16)}" for _ in roles]
    line.body["messages"] = [{"role": role, "content": mark} for role, mark in zip(roles, marks, strict=True)]
    body, unlimited = maker.write(line, lost)
    return _encode(body), marks, unlimited


def _cut(template: _Template, body: bytes, gaps: Sequence[bytes]) -> None:
    """Make a form of a body, if each text that is a gap is in it once."""
    if any(body.count(gap) != 1 for gap in gaps):
        return
    places = sorted(range(len(gaps)), key=lambda place: body.index(gaps[place]))
    template.order = itemgetter(0, *(place + 1 for place in places))
    form = body.replace(b"%", b"%%")
    for gap in gaps:
        form = form.replace(gap, b"%b")
    template.form = b'{"recordId":%%b,"modelInput":%b}' % form
