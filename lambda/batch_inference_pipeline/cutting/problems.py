"""What is wrong with the input: all counted, a few told."""

from batch_inference_pipeline.cutting.source import Source
from batch_inference_pipeline.places import Place


def where(offset: int, line: int | None) -> str:
    """Say where a line stands: by its number if that is known, from 1, else by where it begins in its object."""
    return f"line {line:,}" if line else f"the line at byte {offset:,}"


class Problems:
    """The problems that one task finds.

    Attributes
    ----------
    count : int
        How many there are.
    objects : int
        In how many objects.
    first : list of dict
        The first of them, as an outcome has them.
    """

    #: How many are told.
    MOST = 20

    def __init__(self) -> None:
        self.count = self.objects = 0
        self._last: Place | None = None
        self.first: list[dict[str, str | int]] = []

    def add(self, source: Source, offset: int, line: int | None, said: str) -> None:
        """Add one.

        Parameters
        ----------
        source
            What was read.
        offset
            Where the line begins in the object, in bytes.
        line
            Its number, from 1; None if what is before it was not read.
        said
            What is wrong, and what to change.
        """
        self._add(source.place, f"{source.place.uri}: {where(offset, line)} {said}", Offset=offset)

    def add_object(self, source: Source, said: str) -> None:
        """Add one that an object has as a whole; the text names it."""
        self._add(source.place, said)

    def _add(self, place: Place, said: str, **where: int) -> None:
        self.count += 1
        self.objects += place != self._last
        self._last = place
        if len(self.first) < self.MOST:
            self.first.append({"Object": place.uri, "Problem": said, **where})
