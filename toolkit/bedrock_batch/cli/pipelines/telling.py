"""What is told of a run: in rows, as JSON, and at its end."""

import argparse
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

from bedrock_batch.cli.printing import clock, note, write, write_json
from bedrock_batch.values import counted, duration

if TYPE_CHECKING:
    from bedrock_batch.cli.style import Style
    from bedrock_batch.runs.progress import RunProgress
    from bedrock_batch.runs.run import Run

COLOURS = {"SUCCEEDED": "green", "FAILED": "red", "TIMED_OUT": "red", "ABORTED": "yellow"}


def report_of(run: "Run", progress: "RunProgress") -> dict[str, object]:
    """Return all that is known of a run, for JSON: the summary as the pipeline wrote it."""
    return {
        "run": run.name,
        "execution": run.arn,
        "status": run.status,
        "cause": run.cause or None,
        "started": run.started,
        "ended": run.ended_at,
        "results": str(run.results),
        **asdict(progress),
    }


def rows_of(run: "Run", progress: "RunProgress", style: "Style") -> Iterator[tuple[str, str]]:
    """Yield what is known of a run, for a table."""
    yield "status", style.paint(run.status, COLOURS.get(run.status, "bold"))
    if run.cause:
        yield "cause", run.cause
    if progress.round or not run.ended:
        yield "progress", str(progress)
    for kind, error in (progress.summary or {}).get("Errors", {}).items():
        yield f"error {kind}", f"{counted(error['Count'], 'record')}: {error['Message']}"
    yield "run", run.name
    yield "execution", run.arn
    yield "model", run.pipeline.model
    yield "input", run.pipeline.input_uri
    yield "results", str(run.results)
    yield "started", clock(run.started)
    if run.ended_at:
        yield "ended", f"{clock(run.ended_at)}, after {duration((run.ended_at - run.started).total_seconds())}"


def tell_end(arguments: argparse.Namespace, run: "Run", progress: "RunProgress", *, summary: bool) -> None:
    """Print what a run came to, and to people the cause if it did not succeed."""
    if arguments.json:
        if summary:
            write_json(progress.summary or report_of(run, progress))
    elif told := progress.summary:
        settled = f"{progress.succeeded:,} succeeded, {progress.failed:,} failed"
        jobs = f"{counted(told['Jobs'], 'job')}, {told['OnDemand']['Records']:,} asked on demand"
        records = f"{counted(progress.records, 'record')}: {settled}, {told['Unanswered']:,} unanswered"
        write(f"{records}; {jobs}; {told['Results']}")
    if run.cause:
        note(f"run {run.name} is {run.status}: {run.cause}")
