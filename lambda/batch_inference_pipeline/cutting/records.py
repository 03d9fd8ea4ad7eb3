"""The records that lines are, each with an id."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from batch_inference_pipeline.cutting.lines import Line
from batch_inference_pipeline.cutting.problems import Problems
from batch_inference_pipeline.cutting.record import RecordError, record_id, with_id, without_blanks
from batch_inference_pipeline.cutting.source import Source


class Record(NamedTuple):
    """A record of the input.

    Attributes
    ----------
    offset
        Where its line begins in the object, in bytes.
    number
        Of the line, from 1; None if what is before it was not read.
    line
        What is sent, without the end of the line.
    id
        Its id.
    is_given
        Whether the input has none.
    read
        Bytes of the line in the input.
    """

    offset: int
    number: int | None
    line: bytes
    id: str
    is_given: bool
    read: int


class Records:
    """Makes records of lines.

    Parameters
    ----------
    longest
        The most bytes of a line.
    problems
        Where it goes what is wrong with a line.
    """

    def __init__(self, longest: int, problems: Problems) -> None:
        self._longest, self._problems = longest, problems

    def of(self, source: Source, lines: Iterable[Line]) -> Iterator[Record]:
        """Read the lines of a source; those that are blank are no records.

        Yields
        ------
        Record
            Each in which nothing is wrong.
        """
        for count, (offset, line) in enumerate(lines, start=1):
            number = None if source.start else count
            try:
                record = self._record(source, offset, number, line)
            except RecordError as error:
                self._problems.add(source, offset, number, str(error))
            else:
                if record:
                    yield record

    def _record(self, source: Source, offset: int, number: int | None, line: bytes | None) -> Record | None:
        if line is None or len(line) > self._longest:
            longest = f"{self._longest:,} bytes, the most that a request to a model may have"
            raise RecordError(f"is longer than {longest}; shorten the record")
        text = without_blanks(line)
        if not text:
            return None
        if (found := record_id(text)) is not None:
            return Record(offset, number, text, found, False, len(line) + 1)  # noqa: FBT003 (a million times a gigabyte)
        given = source.id_at(offset)
        return Record(offset, number, with_id(text, given), given, is_given=True, read=len(line) + 1)
