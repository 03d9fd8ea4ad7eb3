"""Lambda's side of the function's process: run as ``python -P worker.py RESULT_FD``, with Lambda's variables.

Reads one JSON object a line from standard input, ``{"event": …, "deadline": seconds of the monotonic clock,
"speed": factor, "now": seconds since 1970}``, and writes one a line to the result's file descriptor: ``{"error": null,
"payload": …}``, or what the handler raised; before the first one, the same of the import. It knows nothing of the
tests, so that any interpreter that has boto3 can run it. What it does as AWS's own client does is tried with that
client in tests/lambda_runtime.

In this process time runs `speed` times as fast: a sleep, a timer and a socket's timeout take that much less of the
tests' time, and the clock that the function reads agrees with them.
"""

import importlib
import json
import logging
import os
import socket
import sys
import threading
import time
import traceback
import uuid
from collections.abc import Callable
from functools import partial
from typing import IO, Any

#: Below this many real seconds a socket's timeout would measure how busy the machine is.
SHORTEST_TIMEOUT = 0.1

_monotonic, _sleep = time.monotonic, time.sleep
_settimeout, _gettimeout = socket.socket.settimeout, socket.socket.gettimeout


class Speed:
    """How time runs in this process, and from where: `now` is what it was at `since` of the machine's."""

    factor = 1.0
    now, since = time.time(), time.monotonic()


class FastTimer(threading.Timer):
    def __init__(self, interval: float, *args: Any, **kwargs: Any) -> None:
        super().__init__(interval / Speed.factor, *args, **kwargs)


def fast_settimeout(self: socket.socket, seconds: float | None) -> None:
    _settimeout(self, seconds and max(seconds / Speed.factor, SHORTEST_TIMEOUT))


def fast_gettimeout(self: socket.socket) -> float | None:
    seconds = _gettimeout(self)
    return seconds and seconds * Speed.factor


def speed_up() -> None:
    for place, name, replacement in (
        (time, "monotonic", lambda: _monotonic() * Speed.factor),
        (time, "time", lambda: Speed.now + (_monotonic() - Speed.since) * Speed.factor),
        (time, "sleep", lambda seconds: _sleep(seconds / Speed.factor)),
        (threading, "Timer", FastTimer),
        (socket.socket, "settimeout", fast_settimeout),
        (socket.socket, "gettimeout", fast_gettimeout),
    ):
        setattr(place, name, replacement)


class Unbuffered:
    """Standard output as AWS's client leaves it: written at once, and an error is the writer's."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


class LogHandler(logging.Handler):
    """The handler of AWS's client: it leaves the line's end to the formatter, and an error to whoever logs."""

    def emit(self, record: logging.LogRecord) -> None:
        sys.stdout.write(self.format(record))


class Context:
    function_name = "function"
    invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:function"

    def __init__(self, deadline: float) -> None:
        self.aws_request_id = str(uuid.uuid4())
        self._deadline = deadline

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self._deadline - _monotonic()) * Speed.factor * 1000))


class FaultError(Exception):
    """What the runtime says of a function that it cannot load or understand: a kind of error, and a text."""


def told(error: BaseException) -> str:
    """Return what Lambda reports of an error, once the log has it: on one line, which only a line feed ends."""
    kind, text = error.args if isinstance(error, FaultError) else (type(error).__name__, str(error))
    trace = "".join(traceback.format_tb(error.__traceback__)).replace("\n", "\r")
    sys.stdout.write(f"[ERROR] {kind}: {text}\rTraceback (most recent call last):\r{trace}\n")
    return f"{kind}: {text}"


def load() -> Callable[[Any, Context], object]:
    sys.path.insert(0, os.environ["LAMBDA_TASK_ROOT"])
    module, _, name = os.environ["_HANDLER"].rpartition(".")
    try:
        handler: Callable[[Any, Context], object] = getattr(importlib.import_module(module), name)
    except ImportError as error:
        raise FaultError("Runtime.ImportModuleError", f"Unable to import module '{module}': {error}") from None
    except SyntaxError as error:
        raise FaultError("Runtime.UserCodeSyntaxError", f"Syntax error in module '{module}': {error}") from None
    return handler


def invoke(handler: Callable[[Any, Context], object], order: dict[str, Any]) -> object:
    """Handle one event; what a handler returns has to be JSON."""
    Speed.factor, Speed.now, Speed.since = order["speed"], order["now"], _monotonic()
    result = handler(order["event"], Context(order["deadline"]))
    try:
        json.dumps(result)
    except (TypeError, ValueError) as error:
        raise FaultError("Runtime.MarshalError", f"Unable to marshal response: {error}") from None
    return result


def serve(results: IO[str]) -> None:
    def attempt(act: Callable[[], Any], *, loading: bool = False) -> Any:
        """Report what Lambda does: the payload, or the error."""
        try:
            done = act()
        except Exception as error:  # noqa: BLE001 (Lambda survives whatever a function raises)
            print(json.dumps({"error": told(error)}), file=results, flush=True)
            return None
        payload = None if loading else done
        print(json.dumps({"error": None, "payload": payload}), file=results, flush=True)
        return done

    handler = attempt(load, loading=True)
    if handler is None:
        sys.exit(1)
    for line in sys.stdin:
        attempt(partial(invoke, handler, json.loads(line)))


def main(result_fd: str) -> None:
    sys.stdout = Unbuffered(sys.stdout)
    # Both are there before the function is imported.
    lines = LogHandler()
    lines.setFormatter(logging.Formatter("[%(levelname)s]\t%(message)s\n"))
    logging.getLogger().addHandler(lines)
    speed_up()
    with os.fdopen(int(result_fd), "w") as results:
        serve(results)


if __name__ == "__main__":
    main(*sys.argv[1:])
