"""A run to its end: lines, a bar on a terminal, or JSON; then an exit code."""

import argparse
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bedrock_batch.cli.pipelines.arguments import states
from bedrock_batch.cli.pipelines.telling import report_of, tell_end
from bedrock_batch.cli.printing import clock, note, write, write_json_line
from bedrock_batch.cli.session import client
from bedrock_batch.cli.style import Style
from bedrock_batch.runs.watch import watch_run

if TYPE_CHECKING:
    from bedrock_batch.cli.bar import Bar
    from bedrock_batch.runs.progress import RunProgress
    from bedrock_batch.runs.run import Run

_CODES = {"SUCCEEDED": 0, "ABORTED": 5}
_FAILED = 1
_TENTHS = 10


def follow(arguments: argparse.Namespace, run: "Run", *, summary: bool = False) -> int:
    """Follow a run and print; return the exit code.

    Parameters
    ----------
    arguments
        Those of the command.
    run : Run
        The run.
    summary : bool
        Whether JSON is what it came to, and nothing before. Default: a line each time that there is something new.
    """
    screen = _Nothing() if arguments.json and summary else _JsonLines() if arguments.json else _Screen(Style(arguments))
    try:
        for now, progress in watch_run(states(arguments), client("s3", arguments), run, on_trouble=screen.trouble):
            screen.show(now, progress)
    except KeyboardInterrupt:
        screen.wipe()
        note(
            f"the run goes on; bedrock-batch watch --run {run.arn} follows it, and bedrock-batch stop --run ... ends it"
        )
        raise
    finally:
        screen.wipe()
    tell_end(arguments, now, progress, summary=summary)
    return _CODES.get(now.status, _FAILED)


class _Nothing:
    """What is shown of a run on its way: only troubles."""

    def show(self, run: "Run", progress: "RunProgress") -> None:
        pass

    def trouble(self, error: Exception) -> None:
        self.wipe()
        note(f"no answer, trying again: {error}")

    def wipe(self) -> None:
        pass


class _JsonLines(_Nothing):
    """A line of JSON each time that something is new."""

    def __init__(self) -> None:
        self._last: object = None

    def show(self, run: "Run", progress: "RunProgress") -> None:
        if (told := report_of(run, progress)) != self._last:
            write_json_line(told)
        self._last = told


class _Screen(_Nothing):
    """A line for each status, round and tenth of the jobs; on a terminal, a bar for what is between.

    Parameters
    ----------
    style : Style
        Of the lines.
    """

    def __init__(self, style: Style) -> None:
        self._style = style
        self._bar = _bar() if sys.stderr.isatty() else None
        self._last: tuple[object, ...] = ()

    def show(self, run: "Run", progress: "RunProgress") -> None:
        tenth = progress.jobs_done * _TENTHS // progress.jobs if progress.jobs else 0
        now = run.status, progress.round, tenth
        if now != self._last and not (self._bar and now[:2] == self._last[:2]):
            self.wipe()
            said = f"  {progress}" if progress.round or not run.ended else ""
            write(f"{clock(run.ended_at or datetime.now(UTC))}  ", self._style.paint(run.status, "bold"), said)
            sys.stdout.flush()
        self._last = now
        if self._bar and not run.ended:
            self._bar.show(run.name, str(progress), done=progress.jobs_done, total=progress.jobs)

    def wipe(self) -> None:
        if self._bar:
            self._bar.wipe()


def _bar() -> "Bar":
    from bedrock_batch.cli.bar import bar_on_standard_error  # noqa: PLC0415 - rich is slow to import

    return bar_on_standard_error()
