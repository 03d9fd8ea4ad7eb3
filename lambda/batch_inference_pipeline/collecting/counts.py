"""How many records came to what: of a job, of a task, of a round, of a run."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from batch_inference_pipeline.collecting.answer import Answer, Failure, Verdict

#: Of all that have no number of their own, and of those that are not told one by one.
_OTHER = "Other"
#: Kinds of errors that are told: a summary is an event, which holds 256 KB.
_MOST = 20
#: Characters of a message.
_LONGEST = 300


@dataclass
class Errors:
    """Failures by their code, each with the first message that came with it."""

    counts: Counter[str] = field(default_factory=Counter)
    messages: dict[str, str] = field(default_factory=dict)

    def add(self, failure: Failure) -> None:
        """Count a failure."""
        self._add(_OTHER if failure.code is None else str(failure.code), 1, failure.message[:_LONGEST])

    def add_all(self, told: Mapping[str, Mapping[str, Any]]) -> None:
        """Count what `as_json` tells."""
        for kind, each in told.items():
            self._add(kind, each["Count"], each["Message"])

    def as_json(self) -> dict[str, dict[str, object]]:
        """Return the most frequent ones, and the sum of the rest as one."""
        named = Counter({kind: count for kind, count in self.counts.items() if kind != _OTHER})
        told = dict(named.most_common(_MOST))
        if rest := self.counts.total() - sum(told.values()):
            told[_OTHER] = rest
        return {kind: {"Count": count, "Message": self.messages.get(kind, "")} for kind, count in told.items()}

    def _add(self, kind: str, count: int, message: str) -> None:
        self.counts[kind] += count
        self.messages.setdefault(kind, message)


@dataclass
class Counts:
    """Records, and what became of them.

    Parameters
    ----------
    records, succeeded, left
        How many there are, are answered, and are to be asked again.
    errors
        Why the others failed for good.
    tokens
        Read and written, by the names that the service's manifest has for them; those that are known.
    """

    records: int = 0
    succeeded: int = 0
    left: int = 0
    errors: Errors = field(default_factory=Errors)
    tokens: Counter[str] = field(default_factory=Counter)

    @property
    def failed(self) -> int:
        """How many failed for good."""
        return self.errors.counts.total()

    def add(self, answer: Answer) -> None:
        """Count a record and what became of it."""
        self.records += 1
        if answer.verdict is Verdict.SUCCEEDED:
            self.succeeded += 1
        elif answer.failure and answer.verdict is Verdict.FAILED:
            self.errors.add(answer.failure)
        else:
            self.left += 1

    def add_all(self, told: Mapping[str, Any]) -> None:
        """Add what `as_json` tells, whatever stands beside it."""
        self.records += told["Records"]
        self.succeeded += told["Succeeded"]
        self.left += told["Left"]
        self.errors.add_all(told["Errors"])
        self.tokens.update(told["Tokens"])

    def as_json(self) -> dict[str, Any]:
        """Return all of it, as it stands in objects."""
        return {
            "Records": self.records,
            "Succeeded": self.succeeded,
            "Failed": self.failed,
            "Left": self.left,
            "Errors": self.errors.as_json(),
            "Tokens": dict(self.tokens),
        }
