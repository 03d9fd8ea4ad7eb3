"""Runs that have come to an end, and their summary."""

from typing import Any

from batch_inference_pipeline.summary.event import EventBridge
from batch_inference_pipeline.summary.summarizing import Summarizing
from tests.unit.handler.fakes import FakeClock
from tests.unit.pipeline.one_run import OneRun

STARTED = "2027-01-15T07:00:00+00:00"


def summarize(run: OneRun, rounds: int = 1, tolerated: float = 1) -> dict[str, Any]:
    summarizing = Summarizing(run.objects, EventBridge(run.aws.client("events")), run.places, FakeClock())
    return summarizing.summarize("reviews", started=STARTED, rounds=rounds, tolerated_failures=tolerated)


def collected(run: OneRun, records: list[bytes], *lines: bytes, round: int = 1, **manifest: int) -> None:
    shard = run.shard(*records, round=round)
    run.manifest(shard, round=round)
    run.collecting.collect(shard, run.job(shard, *lines, **manifest), 1)
