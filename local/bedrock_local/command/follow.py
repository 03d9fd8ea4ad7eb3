"""Follow jobs until they end: bars on a terminal, elsewhere a line for each change of state and each tenth."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Column
from rich.text import Text

from bedrock_batch.values import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rich.console import Console
    from rich.progress import Task, TaskID

    from bedrock_local.command.jobs import Job


def follow(jobs: Iterable[Job], labels: Mapping[str, str], console: Console) -> list[Job]:
    """Show what `jobs.watch` tells; return each job as it ended, by ARN.

    Parameters
    ----------
    jobs
        Each job again and again.
    labels
        What to call a job, by ARN. One without a label is called by its id.
    console
        Where to show it.
    """
    show = _show_bars if console.is_terminal else _show_lines
    last = show(jobs, labels, console)
    return [last[arn] for arn in sorted(last)]


def _show_bars(jobs: Iterable[Job], labels: Mapping[str, str], console: Console) -> dict[str, Job]:
    last: dict[str, Job] = {}
    with Progress(*_columns(), console=console, expand=True) as progress:
        bars: dict[str, TaskID] = {}
        for job in jobs:
            last[job.arn] = job
            if job.arn not in bars:
                bars[job.arn] = progress.add_task("", total=None)
            title = _title(job, labels)
            progress.update(bars[job.arn], description=title, total=job.total or None, completed=job.processed)
            if job.ended:
                progress.stop_task(bars[job.arn])
            progress.refresh()
    return last


class _ClockColumn(TimeElapsedColumn):
    """The time that is left, as soon as that can be told; before it and at the end, the time that has passed."""

    def render(self, task: Task) -> Text:
        if task.stop_time is not None or not (left := task.time_remaining):
            return super().render(task)
        return Text(f"{timedelta(seconds=round(left))} left", style="progress.remaining")


def _columns() -> tuple[ProgressColumn, ...]:
    """Let the label and the bar share what the counts and the clock leave of a narrow terminal."""
    label = Column(ratio=2, no_wrap=True, overflow="ellipsis")
    return (
        TextColumn("{task.description}", table_column=label),
        BarColumn(bar_width=None, table_column=Column(ratio=1, no_wrap=True)),
        MofNCompleteColumn(table_column=Column(no_wrap=True)),
        _ClockColumn(table_column=Column(no_wrap=True)),
    )


def _show_lines(jobs: Iterable[Job], labels: Mapping[str, str], console: Console) -> dict[str, Job]:
    last: dict[str, Job] = {}
    for job in jobs:
        if job.arn not in last or station(last[job.arn]) != station(job):
            counts = f" {job.processed} of {job.total} records" if job.processed else ""
            console.print(_title(job, labels) + counts, highlight=False, soft_wrap=True)
        last[job.arn] = job
    return last


def station(job: Job) -> tuple[str, int]:
    """Say where a job is: its status, and how many tenths of its records are done.

    Parameters
    ----------
    job
        The job.
    """
    return job.status, 10 * job.processed // job.total if job.total else 0


def _title(job: Job, labels: Mapping[str, str]) -> str:
    return f"{escape(visible(labels.get(job.arn, job.job_id)))} [bold]{job.status}[/bold]"
