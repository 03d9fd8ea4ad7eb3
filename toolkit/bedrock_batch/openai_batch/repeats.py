"""Where ids come again: looked for in a second reading, which few files need."""

from collections.abc import Iterator, Sequence
from itertools import count

from bedrock_batch.openai_batch.faults import FaultyLineError
from bedrock_batch.openai_batch.lines import read_line
from bedrock_batch.records.input.blocks import blocks, lines_of
from bedrock_batch.records.input.files import InputFile
from bedrock_batch.records.limits import RecordLimits
from bedrock_batch.records.lines import LineError
from bedrock_batch.values import shortened

_LONGEST = RecordLimits().bytes_per_record


def repeats(files: Sequence[InputFile], numbers: set[int]) -> Iterator[tuple[int, int, str]]:
    """Find the ids of these numbers.

    Yields
    ------
    tuple of int, int, str
        Of each that has been there before: which file, which line, and what to change.
    """
    seen: dict[int, str] = {}
    for place, file in enumerate(files if numbers else ()):
        for line, custom_id in _ids(file):
            number = hash(custom_id)
            if number in seen:
                there = f"'custom_id' {shortened(custom_id)} is already that of {seen[number]}"
                yield place, line, f"{there}, and results are told apart by it; give each request its own"
            elif number in numbers:
                seen[number] = f"{file.name}:{line}"


def _ids(file: InputFile) -> Iterator[tuple[int, str]]:
    lines = count(1)
    with file.open() as source:
        for block in blocks(source, _LONGEST):
            if block is None:
                next(lines)
                continue
            yield from ((line, found) for found, line in zip(map(_id, lines_of(block)), lines, strict=False) if found)


def _id(text: bytes) -> str | None:
    try:
        return read_line(text, set()).custom_id
    except (LineError, FaultyLineError):
        return None
