"""What ends an attempt at an execution: its last state, a failure, its time, or StopExecution, and all of it at once.

ministack writes that an execution is stopped, and lets its states go on; it knows no ``TimeoutSeconds`` of a machine,
and none of the events of an execution that timed out. Seen in ministack 1.5.33.
https://docs.aws.amazon.com/step-functions/latest/apireference/API_StopExecution.html,
https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from typing import TYPE_CHECKING, Any

from ministack.core.responses import now_iso
from ministack.services import stepfunctions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NEEDS = (
    "services.stepfunctions._add_event",
    "services.stepfunctions._emit_execution_status_event",
    "services.stepfunctions._executions",
    "services.stepfunctions._stop_execution",
)

_TOLD = {"FAILED": "ExecutionFailed", "TIMED_OUT": "ExecutionTimedOut", "ABORTED": "ExecutionAborted"}

Execution = dict[str, Any]

_current: ContextVar[Attempt | None] = ContextVar("attempt", default=None)
#: Of the executions that run, by their ARNs.
_attempts: dict[str, Attempt] = {}
#: Whoever changes the status of an execution holds it.
STATUS = threading.RLock()


class EndedError(Exception):
    """The attempt has ended: no state of it goes on."""


class Attempt:
    """An execution from its start, or from a redrive, to its end.

    Parameters
    ----------
    execution
        As ministack keeps it.
    """

    def __init__(self, execution: Execution) -> None:
        self.execution = execution
        self.ended = threading.Event()
        self._watchers: list[Callable[[], None]] = []

    def require_running(self) -> None:
        """Go on only if it has not ended.

        Raises
        ------
        EndedError
            If it has.
        """
        if self.ended.is_set():
            raise EndedError

    @contextmanager
    def watched(self, tell: Callable[[], None]) -> Iterator[None]:
        """Have somebody told when it ends, or at once if it has ended.

        Parameters
        ----------
        tell
            Does not wait for anything.
        """
        with STATUS:
            self._watchers.append(tell)
            has_ended = self.ended.is_set()
        if has_ended:
            tell()
        try:
            yield
        finally:
            with STATUS:
                self._watchers.remove(tell)

    def end(self, status: str, error: str | None = None, cause: str | None = None, output: str | None = None) -> None:
        """End it, unless it has ended.

        Parameters
        ----------
        status
            A final one.
        error, cause
            Of one that did not succeed.
        output
            Of one that did.
        """
        with STATUS:
            if self.ended.is_set():
                return
            about = {"error": error, "cause": cause}
            self.execution.update(status=status, stopDate=now_iso(), output=output, **about)
            kind, details = _TOLD.get(status, "ExecutionSucceeded"), about if output is None else {"output": output}
            told = {f"{kind[0].lower()}{kind[1:]}EventDetails": {name: each or "" for name, each in details.items()}}
            stepfunctions._add_event(self.execution, kind, told)  # noqa: SLF001 -- no public way in
            _attempts.pop(self.execution["executionArn"], None)
            self.ended.set()
            watchers = [*self._watchers]
        for tell in watchers:
            tell()
        stepfunctions._emit_execution_status_event(self.execution)  # noqa: SLF001 -- no public way in


def current_attempt() -> Attempt | None:
    """Return the attempt whose states this thread runs; None in any other."""
    return _current.get()


def running_attempt(execution: Execution) -> Attempt | None:
    """Return the attempt at an execution; None if that does not run.

    Parameters
    ----------
    execution
        As ministack keeps it.
    """
    with STATUS:
        if execution["status"] != "RUNNING":
            return None
        return _attempts.setdefault(execution["executionArn"], Attempt(execution))


@contextmanager
def running(attempt: Attempt, seconds: float | None) -> Iterator[None]:
    """Run states of an attempt in this thread.

    Parameters
    ----------
    attempt
        The attempt.
    seconds
        How long it may take; None for as long as it does.
    """
    token = _current.set(attempt)
    timer = threading.Timer(seconds or 0, copy_context().run, (attempt.end, "TIMED_OUT"))
    timer.daemon = True
    if seconds:
        timer.start()
    try:
        yield
    finally:
        timer.cancel()
        _current.reset(token)


def end_attempts() -> None:
    """End an execution as a whole when it is stopped."""
    stop = stepfunctions._stop_execution  # noqa: SLF001 -- no public way in

    def stop_execution(request: dict[str, Any]) -> Any:  # noqa: ANN401 -- ministack's
        execution = stepfunctions._executions.get(request.get("executionArn"))  # noqa: SLF001 -- no public way in
        attempt = running_attempt(execution) if execution else None
        if attempt:
            attempt.end("ABORTED", request.get("error"), request.get("cause"))
        return stop(request)

    stepfunctions._stop_execution = stop_execution  # noqa: SLF001 -- no public way in
