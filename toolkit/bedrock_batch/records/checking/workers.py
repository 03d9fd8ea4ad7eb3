"""One process for each file, a few at a time."""

import signal
from collections.abc import Callable, Iterator, Sequence
from multiprocessing import Pipe, Process
from multiprocessing.connection import wait
from typing import Any, TypeVar

from bedrock_batch.interruptions import INTERRUPTIONS, uninterrupted

Task = TypeVar("Task")
Outcome = TypeVar("Outcome")


def spread(work: Callable[[Task], Outcome], tasks: Sequence[Task], workers: int) -> Iterator[tuple[int, Outcome]]:
    """Do a piece of work for each task, in processes of their own.

    They end with the iterator, also if that ends early. (A pool of `concurrent.futures` would wait for its workers, and
    one of `multiprocessing` would wait for ever for one that the system has killed.)

    Parameters
    ----------
    work : callable
        What is done, a function of a module.
    tasks : sequence
        What it is done to.
    workers : int
        How many processes there are at a time.

    Yields
    ------
    tuple of int and outcome
        The position of a task and what became of it, in the order in which they are done.

    Raises
    ------
    ChildProcessError
        If a process ends without an outcome, as when the system runs out of memory.
    """
    waiting = list(enumerate(tasks))[::-1]
    running: dict[Any, tuple[int, Process]] = {}
    try:
        while waiting or running:
            while waiting and len(running) < workers:
                position, task = waiting.pop()
                _start(work, position, task, running)
            for ours in wait(list(running)):
                position, process = running[ours]
                outcome = _received(ours)
                process.join()
                del running[ours]
                yield position, outcome
    finally:
        for _, process in running.values():
            process.kill()


def _start(work: Callable[[Task], object], position: int, task: Task, running: dict[Any, tuple[int, Process]]) -> None:
    ours, its = Pipe(duplex=False)
    process = Process(target=_work, args=(work, task, ours, its), daemon=True)
    # An interruption waits until the process can be found again, and until it has handlers of its own.
    with uninterrupted():
        process.start()
        running[ours] = (position, process)
    its.close()


def _received(ours: Any) -> Any:  # noqa: ANN401 - what the work gives
    try:
        return ours.recv()
    except EOFError:
        raise ChildProcessError("a process that checks a file was killed; check fewer files at once") from None


def _work(work: Callable[[Task], object], task: Task, ours: Any, its: Any) -> None:  # noqa: ANN401 - ends of a pipe
    ours.close()
    # Ctrl-C reaches each worker too; it is the command that ends them.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for signum in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, INTERRUPTIONS)
    its.send(work(task))
