"""What a deployment will do to one job, and why."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from bedrock_batch.plan.specification import TAGS, parameter
from bedrock_batch.plan.template.known import Value, shown

if TYPE_CHECKING:
    from bedrock_batch.jobs.job import Job
    from bedrock_batch.plan.amount import Amount
    from bedrock_batch.plan.template.differences import Difference

# Of a digest, the beginning tells enough.
_DIGEST = re.compile(r"\b([0-9a-f]{8})[0-9a-f]{24,}")


class Action(StrEnum):
    """What is done to a job."""

    NOTHING = "nothing"
    IN_PLACE = "in place"
    ADOPTED = "adopted"
    RUNS = "runs"
    STOPPED = "stopped"
    GOES = "goes"
    FAILS = "fails"
    UNKNOWN = "cannot tell"


class Fallback(StrEnum):
    """What becomes of the job that a resource has stood for, where it does so no more."""

    STOPPED = "stopped"
    GOES_ON = "goes on"
    OVER = "over"


@dataclass(frozen=True)
class Change:
    """A property that is another one, or may be.

    Attributes
    ----------
    property : str
        The parameter of the construct.
    old, new : str
        What it is, with ``${Name}`` for what only CloudFormation knows.
    """

    property: str
    old: str
    new: str

    @classmethod
    def of(cls, difference: Difference) -> Change:
        """Write a difference for people."""
        write = _tags if difference.path == (TAGS,) else shown
        return cls(parameter(difference.path), write(difference.old), write(difference.new))

    def __str__(self) -> str:
        if self.old == self.new:
            return f"{self.property} {self.old}"
        old, new = _apart(self.old, self.new)
        return f"{self.property} {old} -> {new}"


@dataclass(frozen=True, kw_only=True)
class PlannedJob:
    """A job, or a run of a pipeline, and what a deployment does to it.

    Attributes
    ----------
    stack : str
        The name of its stack; in a nested one, followed by the logical ids that lead there.
    logical_id : str
        Of its resource; empty where it is not even known whether the stack has any.
    path : str
        The path of its construct; the stack and the logical id where the template does not tell it.
    is_run : bool
        Whether it is a run of a pipeline.
    action : Action
        What is done.
    changes : tuple of Change
        The properties because of which.
    reason : str
        Why, in words.
    before : Job or None
        The job that the resource stands for now; None where there is none, or Bedrock no longer knows it.
    before_is : Fallback or None
        What becomes of that one; None where it stays.
    model, region : str
        The id or ARN of the model, and where the job is made; empty where that is not known.
    amount : Amount or None
        What it reads, of one that runs or may.
    content : str
        What tells its input and model from those of others.
    """

    stack: str
    logical_id: str
    path: str
    is_run: bool
    action: Action
    changes: tuple[Change, ...] = ()
    reason: str = ""
    before: Job | None = None
    before_is: Fallback | None = None
    model: str = ""
    region: str = ""
    amount: Amount | None = None
    content: str = ""

    @property
    def is_stopped(self) -> bool:
        """Whether a job is stopped that the resource has stood for."""
        return self.before_is is Fallback.STOPPED

    @property
    def is_paid(self) -> bool:
        """Whether it is run, and paid."""
        return self.action is Action.RUNS

    def because(self, reason: str) -> PlannedJob:
        """Return the same with one more reason."""
        return replace(self, reason="; ".join(filter(None, (self.reason, reason))))


def _tags(value: Value) -> str:
    pairs = value if isinstance(value, list) else []
    told = [f"{shown(each.get('key'))}={shown(each.get('value'))}" for each in pairs if isinstance(each, dict)]
    return ", ".join(told) or shown(None if isinstance(value, list) else value)


def _apart(old: str, new: str) -> tuple[str, str]:
    """Leave out what two texts have in common, in whole names of a path."""
    old, new = (_DIGEST.sub(r"\1…", text) for text in (old, new))
    start = old.rfind("/", 0, _alike(old, new)) + 1
    end = len(old) - _alike(old[start:][::-1], new[start:][::-1])
    after = old.find("/", end)
    rest = len(old) - after if after > 0 else 0
    return tuple(_piece(text, start, len(text) - rest) for text in (old, new))  # type: ignore[return-value]


def _piece(text: str, start: int, end: int) -> str:
    return f"{'…/' if start else ''}{text[start:end]}{'/…' if end < len(text) - 1 else ''}"


def _alike(one: str, other: str) -> int:
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
