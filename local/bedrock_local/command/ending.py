"""How a job ended: its counts or its message, its first results, its first error."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bedrock_batch import ResultsError, read_results
from bedrock_local.command.results_table import results_table

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rich.console import Console

    from bedrock_local.command.jobs import Job


def show_end(job: Job, label: str, folder: Path, console: Console, *, is_new: bool = True) -> None:
    """Show how a job ended.

    Parameters
    ----------
    job
        The job.
    label
        What to call it.
    folder
        The copy of its output.
    console
        Where to show it.
    is_new
        Whether this deployment has made it. Default: it has.
    """
    say = _plainly(console)
    counts = f"{job.succeeded} of {job.total} records succeeded"
    say(f"{label} {job.status}: {job.message or counts} ({job.arn})")
    if not (is_new or job.good):
        say("It is of an earlier deployment, and this one has not run it again: another run_token does so")
    if not job.total:
        # It ended before it had read its input, and has written nothing.
        return
    try:
        console.print(results_table(folder))
        say(f"All results are in {folder}")
        if job.succeeded < job.processed:
            say(_first_error(job, folder))
    except ResultsError as error:
        say(str(error))


def _first_error(job: Job, folder: Path) -> str:
    failed = job.processed - job.succeeded
    how_many = f"{failed} of {job.total} records failed" if job.succeeded else "No record succeeded"
    first = next(result for result in read_results(folder) if result.error)
    return f"{how_many}. The first error, of record {first.record_id}: {first.error}"


def _plainly(console: Console) -> Callable[[str], None]:
    """Print as it is, on one line however long, so that it can be copied and searched."""
    return partial(console.print, markup=False, highlight=False, soft_wrap=True)
