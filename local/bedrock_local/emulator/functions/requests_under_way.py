"""A function that is changed or deleted while it runs: ministack ends its environments in the middle of a request.

Lambda lets what has begun come to its end, with the code that it began with; others begin with the new code. Who had
called was told nothing but that a process had died. Seen in ministack 1.5.33.
https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html
"""

from __future__ import annotations

from threading import Thread, get_ident, local
from typing import TYPE_CHECKING, Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

if TYPE_CHECKING:
    from collections.abc import Iterable

NEEDS = (
    "core.lambda_runtime._lock",
    "core.lambda_runtime.kill_workers",
    "services.lambda_svc.acquire_worker",
    "services.lambda_svc.release_worker",
    "services.lambda_svc.invalidate_worker",
)

Worker = Any


class _Here(local):
    """What a thread is doing."""

    #: Whether it takes a function's environments away.
    changes = False


_here = _Here()


def let_requests_end() -> None:
    """End an environment that is in use when its request has come to its end, where its function has changed."""
    acquire, release, invalidate = lambda_svc.acquire_worker, lambda_svc.release_worker, lambda_svc.invalidate_worker
    kill = lambda_runtime.kill_workers

    def acquire_worker(*about: Any, **more: Any) -> tuple[Worker, str]:  # noqa: ANN401 -- ministack's
        worker, how = acquire(*about, **more)
        if worker:
            worker.holder = get_ident()
        return worker, how

    def invalidate_worker(*about: Any, **more: Any) -> None:  # noqa: ANN401 -- ministack's
        _here.changes = True
        try:
            invalidate(*about, **more)
        finally:
            _here.changes = False

    def kill_workers(workers: Iterable[Worker]) -> None:
        kill([worker for worker in workers if not (_here.changes and _goes_on(worker))])

    def release_worker(worker: Worker | None) -> None:
        release(worker)
        if getattr(worker, "outdated", False):
            # Whoever waits for the answer shall not wait for the end of a process, up to two seconds.
            Thread(target=kill, args=([worker],), daemon=True).start()

    lambda_svc.acquire_worker, lambda_svc.release_worker = acquire_worker, release_worker
    lambda_svc.invalidate_worker, lambda_runtime.kill_workers = invalidate_worker, kill_workers


def _goes_on(worker: Worker) -> bool:
    """Whether somebody else has a request under way there. Who takes away the one that it holds has seen it break."""
    with lambda_runtime._lock:  # noqa: SLF001 -- no public way in
        worker.outdated = worker.in_use and getattr(worker, "holder", None) != get_ident()
        return bool(worker.outdated)
