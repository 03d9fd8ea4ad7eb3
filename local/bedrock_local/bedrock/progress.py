"""How far a job is: live for the manifest, late for Get."""

from dataclasses import replace
from datetime import timedelta

from bedrock_local.bedrock.clock import Clock
from bedrock_local.bedrock.job import Counts, Job
from bedrock_local.bedrock.record import Outcome


class Progress:
    """Counts of a job in progress.

    Parameters
    ----------
    job
        The job, whose counts follow.
    total
        Records in its input.
    lag
        Seconds between two updates of the job's counts.
    clock
        What time it is.
    """

    def __init__(self, job: Job, total: int, lag: float, clock: Clock) -> None:
        self._job = job
        self._lag = timedelta(seconds=lag)
        self._clock = clock
        self._published = clock()
        self._counts = Counts(total)
        self._input_tokens = 0
        self._output_tokens = 0

    @property
    def complete(self) -> bool:
        """Whether every record has its outcome."""
        return self._counts.processed == self._counts.total

    def add(self, outcome: Outcome) -> None:
        """Count an outcome.

        Parameters
        ----------
        outcome
            What came of a record.
        """
        counts = replace(self._counts, processed=self._counts.processed + 1)
        if outcome.succeeded:
            self._counts = replace(counts, success=counts.success + 1)
        else:
            self._counts = replace(counts, error=counts.error + 1)
        self._input_tokens += outcome.input_tokens
        self._output_tokens += outcome.output_tokens
        if self._clock() - self._published >= self._lag:
            self.publish()

    def publish(self) -> None:
        """Let the job show the present counts."""
        self._job.counts = self._counts
        self._published = self._clock()

    def manifest(self) -> dict[str, int]:
        """Return the content of ``manifest.json.out``.

        Returns
        -------
        dict[str, int]
            Its six keys.
        """
        return {
            "totalRecordCount": self._counts.total,
            "processedRecordCount": self._counts.processed,
            "successRecordCount": self._counts.success,
            "errorRecordCount": self._counts.error,
            "inputTokenCount": self._input_tokens,
            "outputTokenCount": self._output_tokens,
        }
