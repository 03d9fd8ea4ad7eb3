"""The function as AWS's own runtime client runs it: a process of its own a time, behind a runtime API of its own."""

import queue
import subprocess
import time
import uuid
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from threading import Thread
from typing import Any

from tests.faults.function import Function

from .log import Log, Sink
from .runtime_api import Event, Report, RuntimeApi, serving

_HERE = Path(__file__).parent
#: The client's parts that talk HTTP; the first is used where a test does not say. AWS builds the native one for Linux.
NATIVE, HTTP_CLIENT = "native", "http.client"
CLIENTS = [NATIVE, HTTP_CLIENT] if find_spec("runtime_client") else [HTTP_CLIENT]
#: Seconds in which a process starts, or a test has a mistake.
_PATIENCE = 60


class RuntimeEnvironment:
    """A process with AWS's client in it; as `ExecutionEnvironment`, but that its time is the machine's."""

    payload: Any = None

    def __init__(self, function: "RuntimeFunction") -> None:
        self.log_sink = Log(function.sink)
        self.api = RuntimeApi()
        self._servers = ExitStack()
        self._servers.enter_context(serving(self.api))
        self._process = subprocess.Popen(
            [function.python, "-P", str(_HERE / "bootstrap.py")],
            env={**function.variables, **_lambda_variables(function, self.api.address), **self.log_sink.variables},
            cwd=function.asset,
            stdin=subprocess.DEVNULL,
            stdout=self.log_sink.stdout,
            stderr=self.log_sink.stdout,
            pass_fds=self.log_sink.fds,
        )
        self._end = Thread(target=lambda: self.api.reports.put(Report("exit", self._process.wait())))
        self._end.start()
        self._ready = False

    @property
    def log(self) -> str:
        return "\n".join(self.log_sink.records)

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def invoke(self, event: Any, *, timeout: float, speed: float) -> str | None:  # noqa: ARG002 (see `RuntimeFunction`)
        """Hand it an event and return its error, if any."""
        if not self._ready and (error := self._report(_PATIENCE)):
            self._end.join()
            return error
        self._ready = True
        self.api.events.put(Event(str(uuid.uuid4()), event, time.time() + timeout))
        return self._report(timeout)

    def kill(self) -> None:
        if self.alive:
            self._process.kill()
        self._end.join()

    def close(self) -> None:
        self.kill()
        self.api.events.put(None)
        self._servers.close()
        self.log_sink.close()

    def _report(self, timeout: float) -> str | None:
        """Wait for what the client tells, for the end of the process, or for that of its time."""
        try:
            report = self.api.reports.get(timeout=timeout)
        except queue.Empty:
            self.kill()
            return f"Sandbox.Timedout: Task timed out after {timeout:.2f} seconds"
        if report.kind == "exit":
            return "killed" if report.about < 0 else f"Runtime.ExitError: status {report.about}"
        return report.error if report.kind.endswith("error") else None


@dataclass
class RuntimeFunction(Function):
    """A function that AWS's client runs.

    `speed` is that of Lambda and CloudFormation around it; its own time, and so `timeout`, is the machine's.
    """

    log_format: str = "Text"
    sink: Sink = Sink.PLAIN
    client: str = CLIENTS[0]
    timeout: float = 60

    @property
    def environments(self) -> list[RuntimeEnvironment]:
        return list(self._marks)  # type: ignore[arg-type]  # all are of `_environment`

    def _environment(self) -> Any:
        environment: Any = RuntimeEnvironment(self)
        self._marks[environment] = 0
        return environment


def _lambda_variables(function: RuntimeFunction, api: str) -> Mapping[str, str]:
    """Return what Lambda sets. Source: Lambda developer guide, "Defined runtime environment variables"."""
    level = {"AWS_LAMBDA_LOG_LEVEL": "INFO"} if function.log_format == "JSON" else {}
    path = {} if function.client == NATIVE else {"PYTHONPATH": str(_HERE / "without_native")}
    return (
        level
        | path
        | {
            "_HANDLER": function.handler,
            "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "AWS_LAMBDA_LOG_FORMAT": function.log_format,
            "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/function",
            "AWS_LAMBDA_LOG_STREAM_NAME": "2026/01/01/[$LATEST]0123456789abcdef0123456789abcdef",
            "AWS_LAMBDA_RUNTIME_API": api,
            "LAMBDA_TASK_ROOT": str(function.asset),
            "LANG": "en_US.UTF-8",
            "TZ": ":UTC",
        }
    )
