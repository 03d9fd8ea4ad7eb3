"""The records that were answered last, of the latest jobs: for whoever looks on."""

import threading
from collections import deque
from collections.abc import Callable

from bedrock_local.bedrock.data.record import Outcome

_RECORDS = 20
_JOBS = 100
# Of a line that is kept beyond its job's end; while that runs, its records are in memory anyway.
_MOST_BYTES = 16 * 1024


class LatestRecords:
    """A few lines of each job's output, as they come."""

    def __init__(self) -> None:
        self._running: dict[str, deque[Outcome]] = {}
        self._ended: dict[str, list[bytes]] = {}
        self._lock = threading.Lock()

    def begin(self, job_id: str) -> Callable[[Outcome], None]:
        """Follow a job.

        Parameters
        ----------
        job_id
            The job.

        Returns
        -------
        Callable
            To be told each outcome, in which it takes no time to speak of.
        """
        outcomes: deque[Outcome] = deque(maxlen=_RECORDS)
        with self._lock:
            self._running[job_id] = outcomes
        return outcomes.append

    def end(self, job_id: str) -> None:
        """Keep of a job that is over what is short; of too many jobs, the oldest are forgotten.

        Parameters
        ----------
        job_id
            The job.
        """
        with self._lock:
            lines = [outcome.line() for outcome in self._running.pop(job_id, ())]
            self._ended[job_id] = [line for line in lines if len(line) <= _MOST_BYTES]
            while len(self._ended) > _JOBS:
                del self._ended[next(iter(self._ended))]

    def of(self, job_id: str) -> list[bytes]:
        """Return the latest lines of a job's output.

        Parameters
        ----------
        job_id
            The job.

        Returns
        -------
        list[bytes]
            Each a line, newest first.
        """
        with self._lock:
            lines = self._ended.get(job_id)
            outcomes = list(self._running.get(job_id, ()))
        return (lines if lines is not None else [outcome.line() for outcome in outcomes])[::-1]
