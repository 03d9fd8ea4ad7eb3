"""The condition keys of a request, as far as they are known."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Missing(Enum):
    """Why a key has no value here."""

    #: The request does not have it.
    ABSENT = "absent"
    #: Whether the request has it, and with which value, is not known.
    UNKNOWN = "unknown"


Value = tuple[str, ...] | Missing


@dataclass(frozen=True)
class Context:
    """What is known of the condition keys of a request.

    Attributes
    ----------
    known : mapping of str to tuple of str
        Those with a value. Letters of a key are the same in lower and upper case.
    absent : tuple of str
        Those that the request does not have; one that ends in ``:`` or ``/`` stands for all that begin so.
    """

    known: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    absent: tuple[str, ...] = ()

    def value(self, key: str) -> Value:
        """Return the values of a key, or why there are none."""
        wanted = key.lower()
        for name, values in self.known.items():
            if name.lower() == wanted:
                return values or Missing.ABSENT
        return Missing.ABSENT if any(self._covers(name.lower(), wanted) for name in self.absent) else Missing.UNKNOWN

    @staticmethod
    def _covers(name: str, wanted: str) -> bool:
        return wanted.startswith(name) if name.endswith((":", "/")) else wanted == name
