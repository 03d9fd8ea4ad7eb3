"""Lambda's side of the function's process: run as ``python -P worker.py ASSET HANDLER RESULT_FD``.

Reads one JSON object a line from standard input, ``{"event": …, "deadline": seconds of the monotonic clock,
"speed": factor}``, and writes one a line to the result's file descriptor: ``{"error": null}`` or what the handler
raised. It knows nothing of the tests, so that any interpreter that has boto3 can run it.

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
from typing import Any

#: Below this many real seconds a socket's timeout would measure how busy the machine is.
SHORTEST_TIMEOUT = 0.1

_monotonic, _sleep = time.monotonic, time.sleep
_settimeout, _gettimeout = socket.socket.settimeout, socket.socket.gettimeout


class Speed:
    factor = 1.0


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
        (time, "sleep", lambda seconds: _sleep(seconds / Speed.factor)),
        (threading, "Timer", FastTimer),
        (socket.socket, "settimeout", fast_settimeout),
        (socket.socket, "gettimeout", fast_gettimeout),
    ):
        setattr(place, name, replacement)


class Context:
    function_name = "function"
    invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:function"

    def __init__(self, deadline: float) -> None:
        self.aws_request_id = str(uuid.uuid4())
        self._deadline = deadline

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self._deadline - _monotonic()) * Speed.factor * 1000))


def invoke(handler: Callable[[Any, Context], object], order: dict[str, Any]) -> str | None:
    """Return what Lambda reports: None, or the error. Lambda writes the error to the log, too."""
    Speed.factor = order["speed"]
    try:
        handler(order["event"], Context(order["deadline"]))
    except Exception as error:  # noqa: BLE001 (Lambda survives whatever a handler raises)
        traceback.print_exc(file=sys.stdout)
        return f"{type(error).__name__}: {error}"
    return None


def main(asset: str, handler: str, result_fd: str) -> None:
    sys.path.insert(0, asset)
    # Lambda's own handler is there before the function is imported.
    logging.getLogger().addHandler(logging.StreamHandler(sys.stdout))
    speed_up()
    module, _, name = handler.rpartition(".")
    handle = getattr(importlib.import_module(module), name)
    with os.fdopen(int(result_fd), "w") as results:
        print(json.dumps({"ready": True}), file=results, flush=True)
        for line in sys.stdin:
            print(json.dumps({"error": invoke(handle, json.loads(line))}), file=results, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
