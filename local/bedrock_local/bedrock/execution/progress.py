"""How far a job is: live for the manifest, late for Get and for CloudWatch."""

import time

from bedrock_local.bedrock.data.record import Outcome
from bedrock_local.bedrock.jobs.job import Counts, Job
from bedrock_local.bedrock.signals.metrics import Metrics, Reading

# Of a pace without any lag, too, metrics are not taken record by record.
_SHORTEST_MINUTE = 0.5


class Progress:
    """Counts of a job in progress.

    Parameters
    ----------
    job
        The job, whose counts follow.
    total
        Records in its input.
    lag
        Seconds between two updates of the job's counts: a minute of its pace.
    metrics
        Follow, too.
    """

    def __init__(self, job: Job, total: int, lag: float, metrics: Metrics) -> None:
        self._job = job
        self._total = total
        self._lag = lag
        self._metrics = metrics
        self._success = self._error = 0
        self._input_tokens = self._output_tokens = 0
        self._minute = max(lag, _SHORTEST_MINUTE)
        self._published = self._measured = time.monotonic()
        self._measured_tokens = 0, 0

    @property
    def complete(self) -> bool:
        """Whether every record has its outcome."""
        return self._processed == self._total

    @property
    def _processed(self) -> int:
        return self._success + self._error

    def add(self, outcome: Outcome) -> None:
        """Count an outcome.

        Parameters
        ----------
        outcome
            What came of a record.
        """
        if outcome.succeeded:
            self._success += 1
        else:
            self._error += 1
        self._input_tokens += outcome.input_tokens
        self._output_tokens += outcome.output_tokens

    def begin(self) -> None:
        """Let the job show that all is before it."""
        self._publish()
        self._measure(self._total)

    def publish_when_due(self) -> None:
        """Let the job show the present counts, if those that it shows are old."""
        now = time.monotonic()
        if now - self._published >= self._lag:
            self._published = now
            self._publish()
        if now - self._measured >= self._minute:
            self._measured = now
            self._measure(self._total - self._processed)

    def end(self) -> None:
        """Let the job show the last counts; nothing is pending any more, whatever was left undone."""
        self._publish()
        self._measure(0)

    def _publish(self) -> None:
        self._job.counts = Counts(self._total, self._processed, self._success, self._error)

    def _measure(self, pending: int) -> None:
        before, self._measured_tokens = self._measured_tokens, (self._input_tokens, self._output_tokens)
        reading = Reading(
            records_pending=pending,
            tokens_pending=pending * self._input_tokens // max(self._processed, 1),
            input_tokens=self._input_tokens - before[0],
            output_tokens=self._output_tokens - before[1],
        )
        self._metrics.read(self._job, reading)

    def manifest(self) -> dict[str, int]:
        """Return the content of ``manifest.json.out``.

        Returns
        -------
        dict[str, int]
            Its six keys.
        """
        return {
            "totalRecordCount": self._total,
            "processedRecordCount": self._processed,
            "successRecordCount": self._success,
            "errorRecordCount": self._error,
            "inputTokenCount": self._input_tokens,
            "outputTokenCount": self._output_tokens,
        }
