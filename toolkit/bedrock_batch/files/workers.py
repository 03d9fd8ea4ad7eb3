"""Work that several processes share.

They are started as new programs, never forked: of a process with threads, whose locks nobody would open again in the
copy, a fork may hang for ever. And they know nothing of the program that starts them, so that it needs no guard
``if __name__ == "__main__"``, whichever way the module `multiprocessing` starts processes in its version of Python.
"""

import os
import pickle  # between this process and its own children
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from typing import Any

from bedrock_batch.interruptions import INTERRUPTIONS, uninterrupted

_PROGRAM = "import sys; sys.path[:] = {path!r}; from bedrock_batch.files.workers import serve; serve({descriptor})"

_KILLED = "a process that was started to help was killed, as by a system out of memory; give it less at once"


@contextmanager
def started(work: Callable[[Any], object], workers: int) -> Iterator[list[Connection]]:
    """Start processes for a piece of work, which load what it needs until there are tasks; they end with the context.

    (A pool of `concurrent.futures` would wait for its workers, and one of `multiprocessing` would wait for ever for one
    that the system has killed.)

    Parameters
    ----------
    work : callable
        What is done, a function of a module of this package.
    workers : int
        How many processes there are.

    Yields
    ------
    list of multiprocessing.connection.Connection
        The processes, for `in_order`.

    Raises
    ------
    ChildProcessError
        If a process ends at once.
    """
    processes: list[subprocess.Popen[bytes]] = []
    # What one of them has hashed can be compared with what another has.
    environment = {"PYTHONHASHSEED": str(int.from_bytes(os.urandom(4)))}
    try:
        yield [_started(work, processes, environment) for _ in range(workers)]
    finally:
        for process in processes:
            process.kill()
        for process in processes:
            process.wait()


def in_order(workers: list[Connection], tasks: Sequence[Any]) -> Iterator[Any]:
    """Do the work of processes for each task; memory holds a few outcomes at most.

    Parameters
    ----------
    workers : list of multiprocessing.connection.Connection
        From `started`; they take no other tasks afterwards.
    tasks : sequence
        What the work is done to.

    Yields
    ------
    outcome
        Of each task, in their order.

    Raises
    ------
    ChildProcessError
        If a process ends without an outcome, as when the system runs out of memory.
    """
    done: dict[int, Any] = {}
    following = 0
    for position, outcome in _done(workers, tasks):
        done[position] = outcome
        while following in done:
            yield done.pop(following)
            following += 1


def _done(idle: list[Connection], tasks: Sequence[Any]) -> Iterator[tuple[int, Any]]:
    ahead = 2 * len(idle)
    waiting = deque(enumerate(tasks))
    running: dict[Any, int] = {}

    def give() -> None:
        while idle and waiting and waiting[0][0] - min(running.values(), default=len(tasks)) < ahead:
            position, task = waiting.popleft()
            worker = idle.pop()
            _send(worker, task)
            running[worker] = position

    give()
    while running:
        for worker in wait(list(running)):
            outcome = _received(worker)
            position = running.pop(worker)
            idle.append(worker)  # type: ignore[arg-type]  # what `wait` was given
            # It goes on while this process looks at what it has done.
            give()
            yield position, _opened(*outcome)


def serve(descriptor: int) -> None:
    """Do the work of a process that `started` has started; it ends with its starter, at the latest."""
    # Ctrl-C reaches each worker too; it is the command that ends them.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, INTERRUPTIONS)
    starter = Connection(descriptor)
    try:
        work = starter.recv()
        while True:
            _answer(starter, _outcome(work, starter.recv()))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return


def _started(
    work: Callable[[Any], object], processes: list["subprocess.Popen[bytes]"], environment: Mapping[str, str]
) -> Connection:
    ours, its = Pipe()
    program = _PROGRAM.format(path=sys.path, descriptor=its.fileno())
    # An interruption waits until the process can be found again, and until it has handlers of its own.
    with its, uninterrupted():
        processes.append(
            subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-c", program],
                env=os.environ | environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[its.fileno()],
            )
        )
    _send(ours, work)
    return ours


def _send(worker: Connection, value: object) -> None:
    try:
        worker.send(value)
    except (BrokenPipeError, ConnectionResetError):
        raise ChildProcessError(_KILLED) from None


def _answer(starter: Connection, outcome: tuple[object, Exception | None]) -> None:
    """Send an outcome, and what is large in it on its own: nothing of that is copied."""
    buffers: list[pickle.PickleBuffer] = []
    rest = pickle.dumps(outcome, protocol=5, buffer_callback=buffers.append)
    starter.send((rest, len(buffers)))
    for buffer in buffers:
        starter.send_bytes(buffer.raw())


def _received(worker: Any) -> tuple[bytes, list[bytes]]:  # noqa: ANN401 - what `wait` was given
    try:
        rest, buffers = worker.recv()
        return rest, [worker.recv_bytes() for _ in range(buffers)]
    except (EOFError, ConnectionResetError):
        raise ChildProcessError(_KILLED) from None


def _outcome(work: Callable[[Any], object], task: object) -> tuple[object, Exception | None]:
    try:
        return work(task), None
    except Exception as error:  # noqa: BLE001 - raised again in the process that waits for it
        return None, error


def _opened(rest: bytes, buffers: list[bytes]) -> Any:  # noqa: ANN401 - what the work gives
    value, error = pickle.loads(rest, buffers=buffers)  # noqa: S301 - of our own process
    if error:
        raise error
    return value
