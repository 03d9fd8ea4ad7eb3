"""A job until it ends."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from bedrock_batch.jobs.job import Job, get_job

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mypy_boto3_bedrock import BedrockClient

_SHORTEST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0
_GROWTH = 1.25
_TROUBLE_SECONDS = 3600.0
_PASSING = frozenset({"ThrottlingException", "InternalServerException", "ServiceUnavailableException"})


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

    Yields
    ------
    Job
        Each time that it was seen; the last one has ended.

    Raises
    ------
    botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError
        If the service refuses, or has not answered for an hour.
    """
    seen: Job | None = None
    pause, answered = _SHORTEST_PAUSE, clock()
    while seen is None or not seen.ended:
        if seen is not None:
            sleep(pause)
        pause = min(pause * _GROWTH, _LONGEST_PAUSE)
        try:
            job = get_job(bedrock, arn)
        except Exception as error:
            if not _passes(error) or clock() - answered > _TROUBLE_SECONDS:
                raise
            on_trouble(error)
            sleep(pause)
            continue
        answered = clock()
        if seen is None or (job.status, job.processed) != (seen.status, seen.processed):
            pause = _SHORTEST_PAUSE
        seen = job
        yield job


def _passes(error: Exception) -> bool:
    from botocore.exceptions import ClientError, ConnectionError, HTTPClientError  # noqa: A004, PLC0415 - slow to import

    if isinstance(error, ClientError):
        return error.response["Error"]["Code"] in _PASSING
    return isinstance(error, ConnectionError | HTTPClientError)
