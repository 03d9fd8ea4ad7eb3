"""Follow jobs until they end: a progress bar on a terminal, a line for each change of state elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console
    from rich.progress import TaskID

    from bedrock_local.jobs import Job


def follow(jobs: Iterable[Job], console: Console) -> list[Job]:
    """Show what `jobs.watch` tells; return each job as it ended, by ARN."""
    show = _show_bars if console.is_terminal else _show_lines
    last = show(jobs, console)
    return [last[arn] for arn in sorted(last)]


def _show_bars(jobs: Iterable[Job], console: Console) -> dict[str, Job]:
    last: dict[str, Job] = {}
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        bars: dict[str, TaskID] = {}
        for job in jobs:
            last[job.arn] = job
            if job.arn not in bars:
                bars[job.arn] = progress.add_task("", total=None)
            progress.update(bars[job.arn], description=_title(job), total=job.total or None, completed=job.processed)
    return last


def _show_lines(jobs: Iterable[Job], console: Console) -> dict[str, Job]:
    last: dict[str, Job] = {}
    for job in jobs:
        if job.arn not in last or last[job.arn].status != job.status:
            console.print(_title(job), highlight=False)
        last[job.arn] = job
    return last


def _title(job: Job) -> str:
    # The id, for the name can fill a line of its own.
    return f"{escape(job.job_id)} [bold]{job.status}[/bold]"
