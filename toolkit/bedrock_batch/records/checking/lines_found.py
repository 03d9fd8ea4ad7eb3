"""What is found in some lines of a file, before it is known which lines of the file they are."""

from dataclasses import dataclass
from typing import NamedTuple

from bedrock_batch.records.check_report import Findings
from bedrock_batch.records.checking.ids.file_ids import LineIds
from bedrock_batch.records.tokens import NO_TEXTS, Texts

#: Blank lines matter only in the middle: when a record follows.
BLANK = "is blank, and each line must be a record; remove it"


class Beginning(NamedTuple):
    """What comes before the first record: the lines before may have ended with blank ones, too.

    Attributes
    ----------
    blank : int or None
        The first of the blank lines, if there are any.
    problems : int
        How many problems are found before.
    """

    blank: int | None = None
    problems: int = 0


@dataclass(frozen=True)
class LinesFound:
    """What is found in lines, which are counted from 1.

    Attributes
    ----------
    findings : Findings
        Their problems and warnings.
    ids : LineIds
        The id of each.
    records : int
        How many of them hold something, good or not.
    beginning : Beginning
        What comes before the first that holds something.
    blank : int or None
        The first of the blank lines at their end, if there are any.
    bytes : int
        How many bytes they have.
    size : int
        How many the whole file has; 0 if it cannot be opened.
    error : SourceError or OSError or None
        Why no more lines follow, if that is not the end.
    texts : Texts
        How much text those of them have that are among the first of the file.
    """

    findings: Findings
    ids: LineIds
    records: int
    beginning: Beginning
    blank: int | None
    bytes: int
    size: int = 0
    error: Exception | None = None
    texts: Texts = NO_TEXTS
