"""Runs until they are over."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from bedrock_batch.jobs.patience import Patience
from bedrock_batch.runs.progress import ProgressReader, RunProgress
from bedrock_batch.runs.run import Run, get_run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mypy_boto3_s3 import S3Client

_SHORTEST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0
_GROWTH = 1.25


def _no_word(_error: Exception) -> None:
    pass


def watch_run(
    states: Any,  # noqa: ANN401 - boto3 makes its clients at run time
    s3: S3Client,
    run: Run,
    *,
    on_trouble: Callable[[Exception], None] = _no_word,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[tuple[Run, RunProgress]]:
    """Look at a run again and again until it is over, as often as `watch_job` does.

    Parameters
    ----------
    states, s3
        Clients for ``stepfunctions`` and ``s3``.
    run : Run
        The run.
    on_trouble, sleep, clock
        As in `watch_job`.

    Yields
    ------
    tuple of Run and RunProgress
        Each time that it was seen; the last one is over.

    Raises
    ------
    botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError
        If a service refuses, or has not answered for an hour.
    """
    patience, reader = Patience(on_trouble, clock), ProgressReader(states, s3)

    def look() -> tuple[Run, RunProgress]:
        now = get_run(states, run.pipeline, run.details["name"])
        return now, reader.read(now)

    pause, last = _SHORTEST_PAUSE, None
    while True:
        pause = min(pause * _GROWTH, _LONGEST_PAUSE)
        if seen := patience.ask(look):
            if seen[1] != last:
                pause, last = _SHORTEST_PAUSE, seen[1]
            yield seen
            if seen[0].ended:
                return
        sleep(pause)
