"""A part of a file: its lines, some at a time."""

from collections.abc import Iterator
from dataclasses import replace

from bedrock_batch.records.checking.families import Family
from bedrock_batch.records.checking.lines_check import LinesCheck
from bedrock_batch.records.checking.lines_found import LinesFound
from bedrock_batch.records.checking.record_rules import RecordRules
from bedrock_batch.records.input.blocks import blocks, lines_of
from bedrock_batch.records.input.part import FilePart
from bedrock_batch.records.input.source import SourceError, refuse_signature
from bedrock_batch.records.limits import RecordLimits
from bedrock_batch.records.tokens import TextSample

# So few that their ids take no memory to speak of, and that whoever watches sees it go on.
_TOGETHER_BYTES = 2_000_000


def check_part(part: FilePart, *, limits: RecordLimits, family: Family | None) -> Iterator[LinesFound]:
    """Check the lines of a part.

    Parameters
    ----------
    part : FilePart
        The part.
    limits : RecordLimits
        How long a line may be.
    family : Family or None
        What the bodies look like; None if that is not known.

    Yields
    ------
    LinesFound
        What is found in some lines, and then in those that follow them; one at least.
    """
    rules = RecordRules(family, part.file.media)

    def following() -> LinesCheck:
        return LinesCheck(part.file.name, rules, limits.bytes_per_record)

    check, size, error, texts = following(), 0, None, TextSample()
    try:
        with part.open() as source:
            size = part.file.size()
            is_start = part.start == 0
            for block in blocks(source, limits.bytes_per_record):
                if is_start and block:
                    refuse_signature(block[1:5])
                is_start = False
                check.add(block)
                if part.is_sampled and block:
                    texts.add(line for line in lines_of(block) if len(line) <= limits.bytes_per_record)
                if check.bytes >= _TOGETHER_BYTES:
                    yield replace(check.found(), size=size, texts=texts.take())
                    check = following()
    except (SourceError, OSError) as refused:
        error = refused
    yield replace(check.found(), size=size, error=error, texts=texts.take())


def checked_part(part: FilePart, *, limits: RecordLimits, family: Family | None) -> list[LinesFound]:
    """Check the lines of a part for another process."""
    return list(check_part(part, limits=limits, family=family))
