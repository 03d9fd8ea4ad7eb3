"""Two values of one property, held against each other: the same, another one, or nobody can tell yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bedrock_batch.plan.template.known import Atom, Fate, Text, Value, texts_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass(frozen=True)
class Difference:
    """Where two values are not known to be the same.

    Attributes
    ----------
    path : tuple of str
        The way to it, by names of members.
    old, new : Value
        What is deployed, and what is to be.
    doubt : str
        Why it cannot be told whether they differ; empty where they differ for certain.
    """

    path: tuple[str, ...]
    old: Value
    new: Value
    doubt: str = ""


def differences(old: Value, new: Value, path: tuple[str, ...] = ()) -> Iterator[Difference]:
    """Find where two values differ, or may.

    Yields
    ------
    Difference
        Each; of lists of several lengths, the whole of them.
    """
    if isinstance(old, dict) and isinstance(new, dict):
        for name in dict.fromkeys([*old, *new]):
            yield from differences(old.get(name), new.get(name), (*path, name))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        found = [each for pair in zip(old, new, strict=True) for each in differences(*pair, path)]
        sure = [each for each in found if not each.doubt]
        if found:
            yield Difference(path, old, new, "" if sure else found[0].doubt)
    elif isinstance(old, Text) and isinstance(new, Text):
        yield from _of_texts(old, new, path)
    elif not (old is None and new is None):
        doubts = (text.doubt or _opaque(text) for each in (new, old) for text in texts_in(each) if text.atoms)
        yield Difference(path, old, new, next(doubts, ""))


def _of_texts(old: Text, new: Text, path: tuple[str, ...]) -> Iterator[Difference]:
    if old.parts == new.parts and not new.doubt:
        return
    is_sure = (old.value is not None and new.value is not None) or new.is_new or _ends_differ(old, new)
    # What was read when the stack was deployed is not known either.
    yield Difference(path, old, new, "" if is_sure else new.doubt or old.doubt or _opaque(new) or _opaque(old))


def _ends_differ(old: Text, new: Text) -> bool:
    """Whether what is spelled out at one of the ends cannot be the same, whatever stands between."""
    if not (old.parts and new.parts):
        return False
    begins = _apart(old.parts[0], new.parts[0], str.startswith)
    return begins or _apart(old.parts[-1], new.parts[-1], str.endswith)


def _apart(one: str | Atom, other: str | Atom, has: Callable[[str, str], bool]) -> bool:
    return isinstance(one, str) and isinstance(other, str) and not (has(one, other) or has(other, one))


def _opaque(text: Text) -> str:
    told = next((atom for atom in text.atoms if atom.fate is Fate.SAME), None)
    return f"{told.shown} is known to CloudFormation only" if told else ""
