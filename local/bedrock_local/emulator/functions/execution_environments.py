"""No more environments of functions than a machine can start at once, and keep.

Seen in ministack 1.5.33. It starts one for each of a hundred events that come together, although most could have had
one that was free a second later; and it keeps one a function for as long as the function is there, about 40 MB each.
Lambda, too, ends those that nobody uses, when it likes.
https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-shutdown
"""

import os
import time
from threading import Thread
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

NEEDS = (
    "core.lambda_runtime._lock",
    "core.lambda_runtime._worker_key",
    "core.lambda_runtime._workers",
    "services.lambda_svc.acquire_worker",
    "services.lambda_svc.release_worker",
)

#: How many start at once: that is work for the processor.
MOST_STARTING = os.cpu_count() or 1
#: How many may do nothing, of all functions together.
MOST_IDLE = 12
# Who has not started by then waits for something else than the processor: for another function, perhaps, or for ever.
_STARTING_SECONDS = 3
_PAUSE_SECONDS = 0.02

Worker = Any
Config = dict[str, Any]


def bound_environments() -> None:
    """Let a function wait for its environment while others start, and end those that were used least recently."""
    acquire, release = lambda_svc.acquire_worker, lambda_svc.release_worker

    def acquire_worker(name: str, config: Config, code: bytes, qualifier: str = "$LATEST") -> tuple[Worker, str]:
        key = lambda_runtime._worker_key(name, config, qualifier)  # noqa: SLF001 -- no public way in
        while _has_to_wait(key):
            time.sleep(_PAUSE_SECONDS)
        acquired: tuple[Worker, str] = acquire(name, config, code, qualifier=qualifier)
        return acquired

    def release_worker(worker: Worker | None) -> None:
        # None: it could not start, and is gone already.
        if worker:
            # ministack notes when it was taken: what was used the longest would be what was used least recently.
            worker.last_used = time.time()
        release(worker)
        if surplus := _surplus():
            # Whoever waits for the answer shall not wait for the end of another function, up to two seconds.
            Thread(target=lambda_runtime.kill_workers, args=(surplus,), daemon=True).start()

    lambda_svc.acquire_worker, lambda_svc.release_worker = acquire_worker, release_worker


def _has_to_wait(key: str) -> bool:
    """Whether a function has no free environment, and enough are starting; these need nobody's help."""
    with lambda_runtime._lock:  # noqa: SLF001 -- no public way in
        pools = lambda_runtime._workers  # noqa: SLF001 -- the same
        if any(not worker.in_use for worker in pools.get(key, ())):
            return False
        cold = [worker for pool in pools.values() for worker in pool if worker.in_use and worker._cold]  # noqa: SLF001 -- the same
        since = time.time() - _STARTING_SECONDS
        return len([worker for worker in cold if worker.last_used > since]) >= MOST_STARTING


def _surplus() -> list[Worker]:
    """Take those that are too many out of their pools."""
    with lambda_runtime._lock:  # noqa: SLF001 -- no public way in
        pools = lambda_runtime._workers  # noqa: SLF001 -- the same
        idle = [worker for pool in pools.values() for worker in pool if not worker.in_use]
        surplus = sorted(idle, key=lambda worker: worker.last_used)[:-MOST_IDLE]
        for key, pool in list(pools.items()):
            pools[key] = [worker for worker in pool if worker not in surplus]
        return surplus
