"""What became of a file of OpenAI's Batch API."""

from dataclasses import dataclass, field

from bedrock_batch.bodies.losses import meaning_of
from bedrock_batch.records.check_report import Problem
from bedrock_batch.values import counted, shortened, visible

# Files name one model, or a few.
_MODELS_NAMED = 5


@dataclass(frozen=True)
class Loss:
    """Something that requests asked for, and records do not, or say otherwise.

    Attributes
    ----------
    name : str
        What: a member by OpenAI's name, or a few words.
    records : int
        How many records it was in.
    first : str
        Where it is first, as ``file:line``.
    """

    name: str
    records: int
    first: str


@dataclass(frozen=True)
class ConversionReport:
    """The outcome of a conversion; printed, it is a line for each thing to know.

    Attributes
    ----------
    records : int
        How many records were written; none if there are problems.
    family : str
        Whose bodies they have, as AWS writes it.
    losses : tuple of Loss
        What is lost or changed, the most frequent first.
    models : dict of str to int
        Which models the requests named, and how many each: the model of the job answers in their place.
    without_limit : int
        How many requests said nothing of the longest answer.
    max_tokens : int or None
        What was written for those; None if it was left to the model.
    problems : tuple of Problem
        Why lines cannot be converted: the first 20 of each file.
    hidden : int
        How many more problems there are.
    unread : int
        How many of the files could not be read at all. Each is a problem, too.
    """

    records: int
    family: str
    losses: tuple[Loss, ...] = ()
    models: dict[str, int] = field(default_factory=dict)
    without_limit: int = 0
    max_tokens: int | None = None
    problems: tuple[Problem, ...] = ()
    hidden: int = 0
    unread: int = 0

    @property
    def ok(self) -> bool:
        """Whether the records were written."""
        return not self.problems

    def lost(self) -> list[str]:
        """Say what is lost or changed, a line each."""
        return [self._told(loss) for loss in self.losses]

    def remarks(self) -> list[str]:
        """Say what is other than the requests asked for, a line each."""
        lines = self.lost()
        if self.without_limit and self.max_tokens is not None:
            requests = counted(self.without_limit, "request")
            lines.append(f"max_tokens: {self.max_tokens:,} was written for {requests} that named none")
        if self.models:
            lines.append(f"model: the job's answers in the place of {self._named_models()}")
        return lines

    def __str__(self) -> str:
        lines = [str(problem) for problem in self.problems]
        lines += [f"and {counted(self.hidden, 'more problem')} like these"] if self.hidden else []
        return "\n".join([*lines, *self.remarks(), self.summary])

    @property
    def summary(self) -> str:
        """What was written, in a line."""
        if self.problems:
            return f"nothing was written: {counted(len(self.problems) + self.hidden, 'problem')}"
        return f"{counted(self.records, 'record')} for {self.family}"

    def _told(self, loss: Loss) -> str:
        meaning = meaning_of(loss.name, self.family)
        return visible(f"{loss.name}: {meaning} ({counted(loss.records, 'record')}, first {loss.first})")

    def _named_models(self) -> str:
        named = [f"{shortened(name)[1:-1]} ({number:,})" for name, number in list(self.models.items())[:_MODELS_NAMED]]
        more = len(self.models) - _MODELS_NAMED
        return ", ".join([*named, *([f"{more} more"] if more > 0 else [])])
