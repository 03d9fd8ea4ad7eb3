"""Jobs until they end."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from bedrock_batch.jobs.job import Job, get_job
from bedrock_batch.jobs.patience import Patience

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from mypy_boto3_bedrock import BedrockClient

_SHORTEST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0
_GROWTH = 1.25


def _no_word(_error: Exception) -> None:
    pass


def watch_job(
    bedrock: BedrockClient,
    arn: str,
    *,
    on_trouble: Callable[[Exception], None] = _no_word,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Job]:
    """Look at a job again and again until it has ended.

    It is looked at twice a second after a change, and ever less often, down to twice a minute, while nothing changes.

    Parameters
    ----------
    bedrock
        Client.
    arn : str
        The job's ARN or id.
    on_trouble : callable
        Told each time that the service throttles, breaks or cannot be reached. Default: nobody is.
    sleep : callable
        Lets seconds pass. Default: `time.sleep`.
    clock : callable
        Tells seconds. Default: `time.monotonic`.

    Returns
    -------
    iterator of Job
        The job, each time that it was seen; the last one has ended.

    Raises
    ------
    botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError
        If the service refuses, or has not answered for an hour.
    """
    return watch_jobs(bedrock, [arn], on_trouble=on_trouble, sleep=sleep, clock=clock)


def watch_jobs(
    bedrock: BedrockClient,
    arns: Sequence[str],
    *,
    on_trouble: Callable[[Exception], None] = _no_word,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Job]:
    """Look at several jobs in turn until all have ended.

    Parameters
    ----------
    bedrock, on_trouble, sleep, clock
        As in `watch_job`.
    arns : sequence of str
        Their ARNs or ids.

    Yields
    ------
    Job
        Each time that one was seen; one that has ended is not looked at again.

    Raises
    ------
    botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError
        As in `watch_job`.
    """
    patience = Patience(on_trouble, clock)
    left, seen = list(arns), dict[str, tuple[str, int]]()
    pause = _SHORTEST_PAUSE
    while True:
        pause = min(pause * _GROWTH, _LONGEST_PAUSE)
        for arn in tuple(left):
            job = patience.ask(partial(get_job, bedrock, arn))
            if job is None:
                continue
            if seen.get(arn) != (job.status, job.processed):
                pause = _SHORTEST_PAUSE
            seen[arn] = job.status, job.processed
            if job.ended:
                left.remove(arn)
            yield job
        if not left:
            return
        sleep(pause)
