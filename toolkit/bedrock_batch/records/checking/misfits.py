"""What of a body does not fit a shape, as the decoder says it."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from math import isinf
from typing import Any, NamedTuple

import msgspec

from bedrock_batch.records.checking.shape_types import names_at
from bedrock_batch.records.checking.shapes.relations import BROKEN
from bedrock_batch.records.checking.shapes.values import ASIDE
from bedrock_batch.records.members import Path, members

_PLACE = re.compile(r"(?P<fact>.*?)(?: - at `\$\.?(?P<place>.*)`)?", re.DOTALL)
_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
_UNKNOWN = re.compile(r"Object contains unknown field `(?P<name>.*)`", re.DOTALL)
_HUGE = 1.7976931348623157e308


class Misfit(NamedTuple):
    """The first thing that does not fit.

    Attributes
    ----------
    path : tuple
        Where it is: the value, or the object that lacks something.
    fact : str
        What is wrong, in the decoder's words.
    shape : type
        The shape that it does not fit.
    unknown : bool
        Whether the shape has no such member.
    beside : bool
        Whether the value alone is right, and wrong beside others; `fact` is then in our words.
    """

    path: Path
    fact: str
    shape: type[msgspec.Struct]
    unknown: bool = False
    beside: bool = False


def lacking_beside(misfit: Misfit, body: Mapping[str, object]) -> list[str]:
    """List what an object with a member that is not known lacks: that says more about it."""
    path = misfit.path[:-1]
    owner = value_at(body, path)
    here = owner if isinstance(owner, dict) else {}
    return [name for name in names_at(misfit.shape, path, owner, required=True) if name not in here]


def value_at(body: object, path: Path) -> Any:  # noqa: ANN401 - decoded JSON
    """Return the value at a place of a body."""
    for step in path:
        body = body[step]  # type: ignore[index]  # the path comes from this very body
    return body


def set_aside(body: dict[str, object]) -> None:
    """Take out of a body what the shapes do not know without its being wrong, and what no JSON in UTF-8 can hold."""
    for member in list(members(body)):
        if member.name in ASIDE:
            del member.owner[member.name]
        elif not member.name.isascii() and (name := _whole(member.name)) != member.name:
            member.owner[name] = member.owner.pop(member.name)
        elif isinstance(member.value, float) and isinf(member.value):
            member.owner[member.name] = _HUGE if member.value > 0 else -_HUGE


def misfits(body: Mapping[str, object], shapes: tuple[type[msgspec.Struct], ...]) -> Iterator[Misfit | None]:
    """Hold a body against shapes.

    Yields
    ------
    Misfit or None
        For each shape the first thing that does not fit; None if all fits.

    Raises
    ------
    RecursionError
        If the body is too deep.
    """
    text = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    for shape in shapes:
        yield _misfit(text, shape)


def _misfit(text: bytes, shape: type[msgspec.Struct]) -> Misfit | None:
    try:
        _decoder(shape).decode(text)
    except msgspec.ValidationError as error:
        found = _PLACE.fullmatch(str(error))
        fact, place = (found["fact"], found["place"] or "") if found else (str(error), "")
        if relation := BROKEN.fullmatch(fact):
            return Misfit(_path(relation["place"]), relation["rule"], shape, beside=True)
        path = _path(place)
        if unknown := _UNKNOWN.fullmatch(fact):
            return Misfit((*path, unknown["name"]), fact, shape, unknown=True)
        return Misfit(path, fact, shape)
    return None


def _path(place: str) -> Path:
    return tuple(int(index) if index else name for name, index in _STEP.findall(place))


def _whole(name: str) -> str:
    # JSON can escape half of a surrogate pair, but no name or value of a shape has one.
    return name.encode("utf-8", "replace").decode()


@cache
def _decoder(shape: type[msgspec.Struct]) -> "msgspec.json.Decoder[Any]":
    return msgspec.json.Decoder(shape)
