"""How long the service takes."""

from dataclasses import dataclass

_REAL, _INSTANT = "real", "instant"
_HOUR = 3600.0


@dataclass(frozen=True)
class Pace:
    """Durations of a job's life, in seconds.

    Real jobs spend minutes in Submitted, Validating and Scheduled; by default it is about two seconds here. Never
    nothing by default: a client that forgets to poll must be seen to fail.

    Parameters
    ----------
    submitted, validating, scheduled
        Time spent in the status of that name, at least. Default: 0.5, 1 and 0.5 s.
    counts
        How far the record counts of a running job lag behind
        (https://docs.aws.amazon.com/bedrock/latest/userguide/batch-inference-monitor.html says up to a minute).
        Default: 1 s.
    stopping
        Time spent in Stopping, at least: what runs is finished and written first. Default: 0.5 s.
    closing
        How much later than its ``endTime`` a job that is Completed, PartiallyCompleted or Failed shows so. Default:
        0.1 s.
    unstarted
        How long after its submission the ``endTime`` of an Expired job is. Default: 1.5 s.
    hour
        Length of an hour of ``timeoutDurationInHours``. Default: 3600 s.
    scale
        Factor on all of them but `hour`. Default: 1.
    """

    submitted: float = 0.5
    validating: float = 1.0
    scheduled: float = 0.5
    counts: float = 1.0
    stopping: float = 0.5
    closing: float = 0.1
    unstarted: float = 1.5
    hour: float = _HOUR
    scale: float = 1.0

    @classmethod
    def at(cls, speed: str | None) -> "Pace":
        """Return the pace that has a name.

        At ``real`` speed a job fails its validation 100 seconds after its submission, which is the median of recorded
        jobs, and starts five minutes after it, the shortest wait that was seen. How long its records take is the
        model's affair. One that is stopped is Stopped 26 seconds later (recorded: 21 to 63 seconds after the
        submission); one that ends shows so half a second after its ``endTime`` (recorded: 28 to 900 ms of failed jobs,
        0.35 to 1.3 s of completed ones); and the ``endTime`` of one that never started is four minutes after its
        submission (recorded of three in three).

        Parameters
        ----------
        speed
            ``real``; a number, for that many times as fast, the hours of the timeout included; or ``instant``, for no
            waiting at all. None: two seconds, with real hours.

        Returns
        -------
        Pace
            The pace.

        Raises
        ------
        ValueError
            If it is none of these.
        """
        if speed is None:
            return cls()
        if speed == _INSTANT:
            return cls(submitted=0, validating=0, scheduled=0, counts=0, stopping=0, closing=0, unstarted=0)
        factor = _factor(speed)
        return cls(
            submitted=45 / factor,
            validating=55 / factor,
            scheduled=200 / factor,
            counts=60 / factor,
            stopping=26 / factor,
            closing=0.5 / factor,
            unstarted=240 / factor,
            hour=_HOUR / factor,
        )

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


def _factor(speed: str) -> float:
    try:
        factor = 1.0 if speed == _REAL else float(speed)
    except ValueError:
        factor = 0.0
    if not 0 < factor < float("inf"):
        raise ValueError(f"a speed must be {_REAL}, a number above 0 or {_INSTANT}, got {speed!r}")
    return factor
