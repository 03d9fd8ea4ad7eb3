"""How much a job reads, and about how many tokens that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bedrock_batch.records.tokens import NO_RECORD, body_of, text_bytes, tokens_of
from bedrock_batch.values import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MILLION = 1_000_000
# Of a body, without case and underscores: how long an answer may be.
_LONGEST_ANSWER = frozenset(
    {"maxtokens", "maxcompletiontokens", "maxnewtokens", "maxgenlen", "maxtokencount", "maxoutputtokens"}
)


@dataclass(frozen=True)
class Amount:
    """What a job reads.

    Attributes
    ----------
    records, bytes : int or None
        How many; None where that cannot be told.
    input_tokens : int or None
        About how many: the texts of the bodies, one token for every 4 bytes of UTF-8. Media are not counted.
    output_tokens : int or None
        The most that there can be: what the bodies allow. None where one of them names no limit.
    is_estimate : bool
        Whether records and tokens are those of a sample, multiplied.
    doubt : str
        Why something is not told.
    """

    records: int | None = None
    bytes: int | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    is_estimate: bool = False
    doubt: str = ""

    def __str__(self) -> str:
        if self.records is None or self.input_tokens is None:
            return f"how much it reads cannot be told{f': {self.doubt}' if self.doubt else ''}"
        about = "about " if self.is_estimate else ""
        answers = (
            "no limit of the answers" if self.output_tokens is None else f"at most {rounded(self.output_tokens)} out"
        )
        records = f"{about}{counted(self.records, 'record')}, {self.bytes or 0:,} bytes"
        return f"{records}, about {rounded(self.input_tokens)} tokens in, {answers}"


class Count:
    """Counts records, line by line."""

    def __init__(self) -> None:
        self.records = self.bytes = self.text_bytes = self.answers = 0
        self.is_limited = True

    def add(self, line: bytes) -> None:
        """Count a line; one that is no record has bytes only, and `bedrock-batch check` tells of it."""
        self.bytes += len(line)
        if not line.strip():
            return
        self.records += 1
        body = body_of(line)
        if body is NO_RECORD:
            return
        self.text_bytes += text_bytes(body)
        longest = next(_limits(body), None)
        self.answers += longest or 0
        self.is_limited = self.is_limited and longest is not None

    def amount(self, size: int | None = None) -> Amount:
        """Return what was counted; of a sample of so many bytes in all, what that comes to."""
        times = 1.0 if size is None or not self.bytes else size / self.bytes
        return Amount(
            records=round(self.records * times),
            bytes=self.bytes if size is None else size,
            input_tokens=tokens_of(self.text_bytes * times),
            output_tokens=round(self.answers * times) if self.is_limited else None,
            is_estimate=size is not None and size != self.bytes,
        )


def rounded(number: int) -> str:
    """Write about how many there are, to two digits.

    Examples
    --------
    >>> rounded(3_141_592), rounded(12_345), rounded(99)
    ('3.1 M', '12,000', '99')
    """
    if number >= _MILLION:
        return f"{number / _MILLION:,.1f} M"
    digits = max(len(str(number)) - 2, 0)
    return f"{round(number, -digits):,}"


def total(amounts: Iterable[Amount]) -> Amount:
    """Add amounts up; what one of them does not tell, none of them all does."""
    found = list(amounts)
    return Amount(
        records=_sum(each.records for each in found),
        bytes=_sum(each.bytes for each in found),
        input_tokens=_sum(each.input_tokens for each in found),
        output_tokens=_sum(each.output_tokens for each in found),
        is_estimate=any(each.is_estimate for each in found),
        doubt=next((each.doubt for each in found if each.doubt), ""),
    )


def _sum(numbers: Iterable[int | None]) -> int | None:
    found = list(numbers)
    return None if None in found else sum(number for number in found if number is not None)


def _limits(body: object) -> Iterator[int]:
    inner = [body, *(body.values() if isinstance(body, dict) else ())]
    for each in inner:
        for name, value in each.items() if isinstance(each, dict) else ():
            if type(value) is int and name.replace("_", "").lower() in _LONGEST_ANSWER:
                yield value
