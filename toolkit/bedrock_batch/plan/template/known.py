"""Values of templates, as far as they are known before CloudFormation runs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable


class Fate(Enum):
    """What a deployment does to what a value is taken from."""

    SAME = "stays what it is"
    IN_PLACE = "stays, and is or may be changed in place"
    NEW = "is another one for certain"
    UNKNOWN = "may be another one"


@dataclass(frozen=True)
class Atom:
    """A part of a text that the template does not spell out.

    Attributes
    ----------
    key : str
        Equal for what is taken from the same source.
    shown : str
        As people are shown it, such as ``${Bucket}``.
    value : str or None
        What it comes to; None where nobody knows before CloudFormation runs, or it is hidden.
    fate : Fate
        Whether the deployment makes it another one. Of what is deployed: `Fate.SAME`.
    reason : str
        Why it is or may be another one.
    """

    key: str
    shown: str
    value: str | None = None
    fate: Fate = Fate.SAME
    reason: str = ""


@dataclass(frozen=True)
class Text:
    """A scalar: pieces that are spelled out, and others. CloudFormation makes text of all scalars."""

    parts: tuple[str | Atom, ...] = ()

    @classmethod
    def of(cls, *parts: str | Atom | Text) -> Text:
        """Join pieces; what is known of them becomes one piece."""
        pieces: list[str | Atom] = []
        for part in (piece for each in parts for piece in (each.parts if isinstance(each, Text) else (each,))):
            known = part if isinstance(part, str) else part.value if part.fate is Fate.SAME else None
            if known is not None and pieces and isinstance(pieces[-1], str):
                pieces[-1] += known
            elif known != "":
                pieces.append(part if known is None else known)
        return cls(tuple(pieces))

    @property
    def atoms(self) -> list[Atom]:
        """The pieces whose values are not known."""
        return [part for part in self.parts if isinstance(part, Atom)]

    @property
    def value(self) -> str | None:
        """All of it, if it is known."""
        return None if self.atoms else "".join(str(part) for part in self.parts)

    @property
    def doubt(self) -> str:
        """Why it may be another one; empty if that is known."""
        return next((atom.reason for atom in self.atoms if atom.fate is Fate.UNKNOWN), "")

    @property
    def is_new(self) -> bool:
        """Whether a part of it is another one for certain."""
        return any(atom.fate is Fate.NEW for atom in self.atoms)

    def __str__(self) -> str:
        return "".join(part if isinstance(part, str) else part.shown for part in self.parts)


def joined(texts: Iterable[Text], delimiter: str) -> Text:
    """Join texts to one."""
    pieces: list[str | Text] = []
    for text in texts:
        pieces += [delimiter, text]
    return Text.of(*pieces[1:])


#: None is what is left out: ``AWS::NoValue``.
Value: TypeAlias = "Text | list[Value] | dict[str, Value] | None"


def plain(value: Value) -> object:
    """Return a value as CloudFormation sends it.

    Raises
    ------
    NotKnownError
        If a part of it is not known.
    """
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items() if each is not None}
    if isinstance(value, list):
        return [plain(each) for each in value if each is not None]
    known = value.value if isinstance(value, Text) else None
    if known is None:
        raise NotKnownError
    return known


class NotKnownError(Exception):
    """A value is not known before CloudFormation runs."""


def texts_in(value: Value) -> list[Text]:
    """List the texts in a value."""
    if isinstance(value, Text):
        return [value]
    inner = value.values() if isinstance(value, dict) else value or []
    return [text for each in inner for text in texts_in(each)]


def shown(value: Value) -> str:
    """Write a value for people."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{name}: {shown(each)}' for name, each in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(shown, value))}]"
    return "none" if value is None else str(value)
