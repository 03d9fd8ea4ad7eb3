"""How long the service takes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Pace:
    """Durations of a job's life, in seconds.

    Real jobs spend minutes in Submitted, Validating and Scheduled; here it is about two seconds. Never nothing:
    a client that forgets to poll must be seen to fail.

    Parameters
    ----------
    submitted, validating, scheduled
        Time spent in the status of that name, at least. Default: 0.5, 1 and 0.5 s.
    counts
        How far the record counts of a running job lag behind
        (https://docs.aws.amazon.com/bedrock/latest/userguide/batch-inference-monitor.html says up to a minute).
        Default: 1 s.
    hour
        Length of an hour of ``timeoutDurationInHours``. Default: 3600 s.
    scale
        Factor on all of them but `hour`. Default: 1.
    """

    submitted: float = 0.5
    validating: float = 1.0
    scheduled: float = 0.5
    counts: float = 1.0
    hour: float = 3600.0
    scale: float = 1.0

    def of(self, seconds: float) -> float:
        """Return a duration of this pace, scaled.

        Parameters
        ----------
        seconds
            One of the durations above.

        Returns
        -------
        float
            Seconds to wait.
        """
        return seconds * self.scale
