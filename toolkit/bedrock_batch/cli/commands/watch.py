"""``bedrock-batch watch``, and the exit codes that tell how a job ended."""

import argparse
import sys
import time
from collections import defaultdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bedrock_batch.cli.job_arguments import add_jobs_arguments, bedrock, the_jobs
from bedrock_batch.cli.options import add_command
from bedrock_batch.cli.printing import clock, note, write, write_json_line
from bedrock_batch.cli.style import Style
from bedrock_batch.jobs.pace import Pace
from bedrock_batch.jobs.status import JobStatus
from bedrock_batch.values import duration

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bedrock_batch.cli.bar import Bar
    from bedrock_batch.cli.options import SubParsers
    from bedrock_batch.jobs.job import Job

_EXAMPLES = """\
  bedrock-batch watch abcdefghwxyz
  bedrock-batch watch --stack MyStack && bedrock-batch results --stack MyStack --output results.parquet
  bedrock-batch watch my-job --json
  bedrock-batch watch my-job other-job                                    both; the highest of their exit codes
  bedrock-batch watch --stack MyStack --run monday                        a run of a pipeline

exit codes:
  0  Completed, and at least one record succeeded
  1  Completed, but no record succeeded
  3  Failed
  4  PartiallyCompleted: out of time, with some records done
  5  Stopped
  6  Expired: out of time before it started

of a run:
  0  SUCCEEDED
  1  FAILED or TIMED_OUT; standard error has the cause
  5  ABORTED: stopped by somebody
"""
_CODES: dict[str, int] = {
    JobStatus.COMPLETED: 0,
    JobStatus.FAILED: 3,
    JobStatus.PARTIALLY_COMPLETED: 4,
    JobStatus.STOPPED: 5,
    JobStatus.EXPIRED: 6,
}
_NO_SUCCESS = 1
_TENTHS = 10


def add_parser(subparsers: "SubParsers") -> None:
    """Describe the command."""
    parser = add_command(subparsers, "watch", run, help="follow jobs to their end", examples=_EXAMPLES, aws=True)
    add_jobs_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Follow and print."""
    from bedrock_batch.jobs.watch import watch_jobs  # noqa: PLC0415 - brings the JSON library

    if arguments.pipeline_run:
        return _follow_run(arguments)
    jobs = {job.arn: job for job in the_jobs(arguments)}
    screen = _JsonLines() if arguments.json else _Screen(Style(arguments), jobs)
    try:
        for job in watch_jobs(bedrock(arguments), list(jobs), on_trouble=screen.trouble):
            jobs[job.arn] = job
            screen.show(job)
    finally:
        screen.wipe()
    return max(map(_code, jobs.values()))


def _code(job: "Job") -> int:
    return _NO_SUCCESS if job.status == JobStatus.COMPLETED and not job.succeeded else _CODES[job.status]


def _follow_run(arguments: argparse.Namespace) -> int:
    from bedrock_batch.cli.pipelines.arguments import the_run  # noqa: PLC0415 - brings the JSON library
    from bedrock_batch.cli.pipelines.follow import follow  # noqa: PLC0415 - the same

    return follow(arguments, the_run(arguments))


class _Screen:
    """A line for each state and each tenth of the records of each job; on a terminal, a bar below them for all.

    Parameters
    ----------
    style : Style
        Of the lines.
    jobs : mapping
        The jobs by their ARNs, each as it was seen last.
    """

    def __init__(self, style: Style, jobs: "Mapping[str, Job]") -> None:
        self._style, self._jobs = style, jobs
        self._bar = _bar() if sys.stderr.isatty() else None
        self._paces = defaultdict[str, Pace](Pace)
        self._last: dict[str, tuple[str, int]] = {}

    def show(self, job: "Job") -> None:
        now = (job.status, job.processed * _TENTHS // job.total if job.total else 0)
        if job.status == JobStatus.IN_PROGRESS:
            self._paces[job.arn].see(job.processed, at=time.monotonic())
        last = self._last.get(job.arn)
        if now != last and not (self._bar and last and now[0] == last[0]):
            self.wipe()
            write(f"{clock(self._since(job))}  ", *self._title(job))
            sys.stdout.flush()
        self._last[job.arn] = now
        if self._bar and not all(each.ended for each in self._jobs.values()):
            self._draw(self._bar, job)

    def trouble(self, error: Exception) -> None:
        self.wipe()
        note(f"no answer, trying again: {error}")

    def wipe(self) -> None:
        if self._bar:
            self._bar.wipe()

    def _since(self, job: "Job") -> datetime:
        # A state begins when the job is modified; what happens within it was seen just now.
        within = job.arn in self._last and self._last[job.arn][0] == job.status
        began: datetime = job.details.get("lastModifiedTime", job.submitted)
        return datetime.now(UTC) if within else began

    def _title(self, job: "Job") -> tuple[str, str, str]:
        counts = f"  {job.processed:,} of {job.total:,} records" if job.total else ""
        failed = f", {job.failed:,} failed" if job.failed else ""
        forecast = "" if self._bar or job.ended else self._forecast(job)
        reason = f"  {job.message}" if job.message else ""
        label = f"{job.id} {job.name}  " if len(self._jobs) > 1 else ""
        return label, self._style.paint(job.status, "bold"), f"{counts}{failed}{forecast}{reason}"

    def _draw(self, bar: "Bar", job: "Job") -> None:
        jobs = self._jobs.values()
        done, total = sum(each.processed for each in jobs), sum(each.total for each in jobs)
        if len(jobs) == 1:
            bar.show(job.status, f"{done:,} of {total:,}{self._forecast(job)}", done=done, total=total)
            return
        ended = sum(each.ended for each in jobs)
        bar.show("records", f"{done:,} of {total:,}, {ended} of {len(jobs)} jobs ended", done=done, total=total)

    def _forecast(self, job: "Job") -> str:
        rate, left = self._paces[job.arn].per_second, self._paces[job.arn].seconds_left(job.total)
        if rate is None or left is None:
            return ""
        return (
            f"  {rate:,.1f}/s, {duration(left)} left" if rate >= 1 else f"  {rate * 60:,.1f}/min, {duration(left)} left"
        )


class _JsonLines:
    """What the service tells, a line each time that it tells something new."""

    def __init__(self) -> None:
        self._last: dict[str, object] = {}

    def show(self, job: "Job") -> None:
        if job.details != self._last.get(job.arn):
            write_json_line(job.details)
        self._last[job.arn] = job.details

    def trouble(self, error: Exception) -> None:
        note(f"no answer, trying again: {error}")

    def wipe(self) -> None:
        pass


def _bar() -> "Bar":
    from bedrock_batch.cli.bar import bar_on_standard_error  # noqa: PLC0415 - rich is slow to import

    return bar_on_standard_error()
