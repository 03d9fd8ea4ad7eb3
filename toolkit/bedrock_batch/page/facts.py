"""What a page tells of a job, gathered in one pass over its results."""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bedrock_batch.values import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bedrock_batch.jobs.job import Job
    from bedrock_batch.prices.prices import Prices
    from bedrock_batch.results.job_results import JobResults
    from bedrock_batch.results.result import Result
    from bedrock_batch.results.several_jobs import SeveralResults

_FIRST_RECORDS = 8
_MOST_GROUPS = 200
# Of what charts draw.
_MOST = 2**64 - 1
_NUMBER = re.compile(r"\d+")


@dataclass
class ErrorGroup:
    """Errors that differ in numbers only.

    Attributes
    ----------
    code : int or None
        Their `errorCode`.
    message : str
        The `errorMessage` of the first.
    example : Result or None
        The first record; None for a group of what did not fit into others.
    count : int
        How many.
    """

    code: int | None
    message: str
    example: Result | None
    count: int = 0


@dataclass
class Facts:
    """What a page tells.

    Attributes
    ----------
    jobs : sequence of Job
        The job, or several, the newest first; none for copies of its files.
    succeeded, failed, missing : int
        Counts of records.
    input_tokens, output_tokens : int
        Sums: those of the manifests if they have them, which count failed records too.
    prices : Prices or None
        What the tokens cost; None if nobody said.
    price_remark : str
        Where the prices are from, or why there are none; empty if that needs no words.
    input_lengths, output_lengths, latencies : array of int
        Tokens read and written, and milliseconds, of each record that tells.
    stop_reasons : dict of str to int
        How often each occurs.
    errors : list of ErrorGroup
        The most frequent first.
    first : list of Result
        The first few records.
    not_drawn : int
        How many lengths and latencies are below 0 or beyond 64 bits, and in no array.
    remarks : list of str
        What does not add up.
    """

    jobs: Sequence[Job]
    prices: Prices | None
    price_remark: str = ""
    succeeded: int = 0
    failed: int = 0
    missing: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    input_lengths: array[int] = field(default_factory=lambda: array("Q"))
    output_lengths: array[int] = field(default_factory=lambda: array("Q"))
    latencies: array[int] = field(default_factory=lambda: array("Q"))
    stop_reasons: dict[str, int] = field(default_factory=dict)
    errors: list[ErrorGroup] = field(default_factory=list)
    first: list[Result] = field(default_factory=list)
    not_drawn: int = 0
    remarks: list[str] = field(default_factory=list)

    @property
    def job(self) -> Job | None:
        """The only job; None if there are several, or none is known."""
        return self.jobs[0] if len(self.jobs) == 1 else None

    @property
    def records(self) -> int:
        """How many records there are, answered or not."""
        return self.succeeded + self.failed + self.missing


def gather_facts(
    job_results: JobResults | SeveralResults, prices: Prices | None = None, price_remark: str = ""
) -> Facts:
    """Read all results, and keep what a page tells of them.

    Parameters
    ----------
    job_results : JobResults or SeveralResults
        What the job has left, not yet read.
    prices : Prices or None
        What tokens cost. Default: the page tells no cost.
    price_remark : str
        Where the prices are from, or why there are none. Default: nothing is said of that.

    Raises
    ------
    ResultsError
        If a file is not as the service writes it.
    """
    facts = Facts(job_results.jobs, prices, price_remark)
    groups: dict[tuple[int | None, str], ErrorGroup] = {}
    for result in job_results.results:
        _count(facts, result)
        if result.error:
            _group(groups, result).count += 1
    tally = job_results.results.tally
    facts.succeeded, facts.failed, facts.missing = tally.succeeded, tally.failed, tally.missing.count
    facts.input_tokens, facts.output_tokens = job_results.tokens
    if prices and facts.succeeded and not facts.input_tokens:
        # As of embeddings by other models than Titan. A cost of nothing would be a false one.
        facts.prices, facts.price_remark = None, "cost not known: the results do not say how many tokens were read"
    facts.errors = sorted(groups.values(), key=lambda group: -group.count)
    facts.remarks = [*job_results.notes, *job_results.disagreements()]
    if facts.not_drawn:
        facts.remarks.append(f"{counted(facts.not_drawn, 'number')} that no model can mean: the charts leave them out")
    return facts


def _count(facts: Facts, result: Result) -> None:
    if len(facts.first) < _FIRST_RECORDS:
        facts.first.append(result)
    told = (
        (facts.input_lengths, result.input_tokens),
        (facts.output_lengths, result.output_tokens),
        (facts.latencies, result.latency_ms),
    )
    for values, value in told:
        if value is not None and 0 <= value <= _MOST:
            values.append(value)
        elif value is not None:
            facts.not_drawn += 1
    if result.stop_reason is not None:
        facts.stop_reasons[result.stop_reason] = facts.stop_reasons.get(result.stop_reason, 0) + 1


def _group(groups: dict[tuple[int | None, str], ErrorGroup], result: Result) -> ErrorGroup:
    error = result.error
    if error is None:
        raise ValueError("only a result with an error has a group")
    key = (error.code, _NUMBER.sub("N", error.message))
    if key not in groups and len(groups) >= _MOST_GROUPS:
        return groups.setdefault((0, ""), ErrorGroup(0, "errors of other kinds", None))
    return groups.setdefault(key, ErrorGroup(error.code, error.message, result))
