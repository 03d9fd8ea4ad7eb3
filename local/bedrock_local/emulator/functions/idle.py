"""The environments of functions that do nothing, of which ministack keeps one a function for ever.

Seen in ministack 1.5.33. Each takes about 40 MB: with some hundred functions the machine has no memory left. Lambda,
too, ends those that nobody uses, when it likes.
https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-shutdown
"""

from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

NEEDS = (
    "core.lambda_runtime._lock",
    "core.lambda_runtime._workers",
    "services.lambda_svc.release_worker",
)

#: How many may do nothing, of all functions together.
MOST = 12

Worker = Any


def end_idle_environments() -> None:
    """Let those go that were used least recently, where there are more."""
    release = lambda_svc.release_worker

    def release_worker(worker: Worker) -> None:
        release(worker)
        lambda_runtime.kill_workers(_surplus())

    lambda_svc.release_worker = release_worker


def _surplus() -> list[Worker]:
    """Take those that are too many out of their pools."""
    with lambda_runtime._lock:  # noqa: SLF001 -- no public way in
        pools = lambda_runtime._workers  # noqa: SLF001 -- the same
        idle = [worker for pool in pools.values() for worker in pool if not worker.in_use]
        surplus = sorted(idle, key=lambda worker: worker.last_used)[:-MOST]
        for key, pool in list(pools.items()):
            pools[key] = [worker for worker in pool if worker not in surplus]
        return surplus
