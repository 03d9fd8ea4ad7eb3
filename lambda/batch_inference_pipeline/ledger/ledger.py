"""What the ledger can do, whatever keeps it."""

from dataclasses import dataclass
from typing import Protocol

from batch_inference_pipeline.ledger.attempt import Attempt, AttemptId


@dataclass(frozen=True)
class Run:
    """A run that has begun.

    Attributes
    ----------
    key
        See `attempt.key_of`.
    name
        The run's.
    execution
        The ARN of the execution that works on it.
    since
        When it began, in seconds since 1970.
    until
        When no further job is made, and those that run are stopped; 0 for never.
    limit
        How many jobs may run at once, whatever others do.
    """

    key: str
    name: str
    execution: str
    since: int
    until: int
    limit: int


class Ledger(Protocol):
    """The runs of a pipeline, and their jobs."""

    def open(self, run: Run, instead_of: str | None) -> Run | None:
        """Note a run as the one that goes on.

        Parameters
        ----------
        run
            The run.
        instead_of
            The execution of the one that it may replace, for that is over.

        Returns
        -------
        Run or None
            The other one that goes on, and was left alone.
        """
        ...

    def close(self, run: Run) -> None:
        """Forget that a run goes on; what it did stays."""
        ...

    def run(self, run: str) -> Run | None:
        """Return the run of a key."""
        ...

    def provide(self, places: int) -> None:
        """Settle how many jobs may run at once, those included that do."""
        ...

    def attempt(self, id: AttemptId) -> Attempt | None:
        """Return the newest attempt of a shard, whatever its number."""
        ...

    def admit(self, attempt: Attempt, previous: Attempt | None) -> bool:
        """Write an attempt down and take a place for its job; False where there is none, or where others were first."""
        ...

    def refuse(self, attempt: Attempt, message: str = "") -> None:
        """Note that there is no job, and give its place back; the message says why there never will be one."""
        ...

    def wait(self, attempt: Attempt, task: str) -> None:
        """Note which task waits for the end of an attempt's job from now on."""
        ...

    def made(self, attempt: Attempt, arn: str) -> None:
        """Note which job it is."""
        ...

    def end(self, attempt: Attempt, status: str, message: str) -> None:
        """Note that the job is over, and give its place back, once however often it is told."""
        ...

    def told(self, attempt: Attempt) -> None:
        """Note that whoever waits for the end of an attempt's job knows of it."""
        ...

    def refusals(self, run: str) -> list[str]:
        """Return why there will never be jobs for shards of a run, as far as that is so."""
        ...

    def live(self, run: str) -> list[Attempt]:
        """Return the attempts of a run that a job runs for, or may, or whose end nobody was told."""
        ...
