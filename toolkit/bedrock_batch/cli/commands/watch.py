"""``bedrock-batch watch``, and the exit codes that tell how a job ended."""

import argparse
import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bedrock_batch.cli.job_arguments import add_job_arguments, bedrock, the_job
from bedrock_batch.cli.options import add_command
from bedrock_batch.cli.printing import clock, note, write, write_json_line
from bedrock_batch.cli.style import Style
from bedrock_batch.durations import duration
from bedrock_batch.jobs.pace import Pace
from bedrock_batch.jobs.status import JobStatus

if TYPE_CHECKING:
    from bedrock_batch.cli.options import SubParsers
    from bedrock_batch.jobs.job import Job

_EXAMPLES = """\
  bedrock-batch watch abcdefghwxyz
  bedrock-batch watch --stack MyStack && bedrock-batch results --stack MyStack --output results.parquet
  bedrock-batch watch my-job --json

exit codes:
  0  Completed, and at least one record succeeded
  1  Completed, but no record succeeded
  3  Failed
  4  PartiallyCompleted: out of time, with some records done
  5  Stopped
  6  Expired: out of time before it started
"""
_CODES: dict[str, int] = {
    JobStatus.COMPLETED: 0,
    JobStatus.FAILED: 3,
    JobStatus.PARTIALLY_COMPLETED: 4,
    JobStatus.STOPPED: 5,
    JobStatus.EXPIRED: 6,
}
_NO_SUCCESS = 1
_BAR = 24
_TENTHS = 10


def add_parser(subparsers: "SubParsers") -> None:
    """Describe the command."""
    parser = add_command(subparsers, "watch", run, help="follow a job to its end", examples=_EXAMPLES, aws=True)
    add_job_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Follow and print."""
    from bedrock_batch.jobs.watch import watch_job  # noqa: PLC0415 - brings the JSON library

    screen = _JsonLines() if arguments.json else _Screen(Style(arguments))
    arn = the_job(arguments).arn
    try:
        for job in watch_job(bedrock(arguments), arn, on_trouble=screen.trouble):
            screen.show(job)
    finally:
        screen.wipe()
    return _NO_SUCCESS if job.status == JobStatus.COMPLETED and not job.succeeded else _CODES[job.status]


class _Screen:
    """A line for each state and each tenth of the records; on a terminal, a bar below them."""

    def __init__(self, style: Style) -> None:
        self._style = style
        self._bar_shown = sys.stderr.isatty()
        self._pace = Pace()
        self._last: tuple[str, int] | None = None

    def show(self, job: "Job") -> None:
        now = (job.status, job.processed * _TENTHS // job.total if job.total else 0)
        if job.status == JobStatus.IN_PROGRESS:
            self._pace.see(job.processed, at=time.monotonic())
        if now != self._last and not (self._bar_shown and self._last and now[0] == self._last[0]):
            self.wipe()
            write(f"{clock(self._since(job))}  {self._title(job)}")
            sys.stdout.flush()
        self._last = now
        if self._bar_shown and not job.ended:
            sys.stderr.write(f"\r\x1b[K{_bar(job)}{self._forecast(job)}")
            sys.stderr.flush()

    def trouble(self, error: Exception) -> None:
        self.wipe()
        note(f"no answer, trying again: {error}")

    def wipe(self) -> None:
        if self._bar_shown:
            sys.stderr.write("\r\x1b[K")

    def _since(self, job: "Job") -> datetime:
        # A state begins when the job is modified; what happens within it was seen just now.
        within = self._last is not None and self._last[0] == job.status
        began: datetime = job.details.get("lastModifiedTime", job.submitted)
        return datetime.now(UTC) if within else began

    def _title(self, job: "Job") -> str:
        counts = f"  {job.processed:,} of {job.total:,} records" if job.total else ""
        failed = f", {job.failed:,} failed" if job.failed else ""
        forecast = "" if self._bar_shown or job.ended else self._forecast(job)
        reason = f"  {job.message}" if job.message else ""
        return f"{self._style.paint(job.status, 'bold')}{counts}{failed}{forecast}{reason}"

    def _forecast(self, job: "Job") -> str:
        rate, left = self._pace.per_second, self._pace.seconds_left(job.total)
        if rate is None or left is None:
            return ""
        return (
            f"  {rate:,.1f}/s, {duration(left)} left" if rate >= 1 else f"  {rate * 60:,.1f}/min, {duration(left)} left"
        )


class _JsonLines:
    """What the service tells, a line each time that it tells something new."""

    def __init__(self) -> None:
        self._last: object = None

    def show(self, job: "Job") -> None:
        if job.details != self._last:
            write_json_line(job.details)
        self._last = job.details

    def trouble(self, error: Exception) -> None:
        note(f"no answer, trying again: {error}")

    def wipe(self) -> None:
        pass


def _bar(job: "Job") -> str:
    share = job.processed / job.total if job.total else 0.0
    filled = round(share * _BAR)
    return f"{job.status}  {'█' * filled}{'░' * (_BAR - filled)} {share:4.0%}  {job.processed:,} of {job.total:,}"
