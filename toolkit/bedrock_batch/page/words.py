"""What the page says in words."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from bedrock_batch.jobs.status import JobStatus

if TYPE_CHECKING:
    from datetime import datetime

    from bedrock_batch.page.facts import Facts

_LONGEST = 400

_SENTENCES: dict[str, str] = {
    JobStatus.COMPLETED: "Every record has been processed",
    JobStatus.PARTIALLY_COMPLETED: "The job ran out of time with part of its records done",
    JobStatus.FAILED: "The job failed",
    JobStatus.STOPPED: "The job was stopped",
    JobStatus.EXPIRED: "The job ran out of time before it started",
}
# Their sentences speak of the records already.
_INCOMPLETE = "Incomplete"
_OF_RECORDS = (JobStatus.COMPLETED, JobStatus.PARTIALLY_COMPLETED, _INCOMPLETE)


def outcome(facts: Facts) -> tuple[str, str, str]:
    """Say how it ended: a word, its style, and a sentence."""
    status = facts.job.status if facts.job else (str(JobStatus.COMPLETED) if not facts.missing else _INCOMPLETE)
    good = status == JobStatus.COMPLETED and not facts.missing and (facts.succeeded or not facts.records)
    sentence = _SENTENCES.get(status, "The output does not have every record")
    return status, "good" if good else "bad", f"{sentence}; {_share(facts, status)}."


def _share(facts: Facts, status: str) -> str:
    if not facts.records:
        return "there are no results"
    share = f"{facts.succeeded / facts.records:.1%}" if facts.succeeded else "none"
    return f"{share} of {'them' if status in _OF_RECORDS else 'its records'} succeeded"


def moment(time: datetime | None) -> str:
    """Write a time in UTC, to the second; nothing for none."""
    return time.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC") if time else ""


def excerpt(text: str) -> str:
    """Write the beginning of a text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
