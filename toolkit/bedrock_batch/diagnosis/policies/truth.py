"""Three answers: yes, no, and None, which cannot be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

Truth = bool | None


def both(answers: Iterable[Truth]) -> Truth:
    """Say whether all are true: one that is false decides, whatever cannot be told of the others."""
    found = set(answers)
    return False if False in found else None if None in found else True


def either(answers: Iterable[Truth]) -> Truth:
    """Say whether one is true, which decides, whatever cannot be told of the others."""
    found = set(answers)
    return True if True in found else None if None in found else False


def opposite(answer: Truth) -> Truth:
    """Say the contrary; what cannot be told stays so."""
    return None if answer is None else not answer
