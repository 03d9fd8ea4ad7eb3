"""What is kept of a file's ids to tell whether another file has one of them too."""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass

from msgspec import UNSET, UnsetType

#: The number of a line without an id: what `hash` never returns.
NO_ID = -1

Id = str | UnsetType


@dataclass(frozen=True)
class FileIds:
    """The ids of a file, line by line.

    Attributes
    ----------
    ascending : list of str or None
        The ids, some in each text, joined by line feeds; None if they do not ascend.
    unordered : array of int
        Their numbers if they do not ascend.
    """

    ascending: list[str] | None
    unordered: "array[int]"

    @property
    def span(self) -> tuple[str, str] | None:
        """The first and the last id; None if there is none, or if others may be less or greater."""
        if not self.ascending:
            return None
        return self.ascending[0].split("\n", 1)[0], self.ascending[-1].rsplit("\n", 1)[-1]

    def texts(self) -> list[str]:
        """Return each id, if they ascend."""
        return [record_id for text in self.ascending or () for record_id in text.split("\n")]

    def numbers(self) -> "array[int]":
        """Return a number for each line that tells its id apart, the same in every process."""
        return self.unordered if self.ascending is None else numbers_of(self.texts())


def numbers_of(ids: Iterable[Id]) -> "array[int]":
    """Return a number for each id, the same in every process."""
    # Not `hash(id)`, which differs between processes. Whole numbers are hashed modulo a prime of 61 bits.
    return array(
        "q",
        [
            NO_ID if record_id is UNSET else hash(int.from_bytes(record_id.encode("utf-8", "surrogatepass"), "big"))
            for record_id in ids
        ],
    )
