"""Lambda's runtime API on loopback: where AWS's client asks for events and tells what became of them.

Source: Lambda developer guide, "Using the Lambda runtime API for custom runtimes".
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from queue import Queue
from typing import Any

from tests.faults.bedrock import ACCOUNT, REGION
from tests.faults.loopback import AwsHandler, Response, loopback_server

_RUNTIME = "/2018-06-01/runtime"
_ACCEPTED = 202, {"Content-Type": "application/json"}, b'{"status":"OK"}'


@dataclass(frozen=True)
class Event:
    """An event that waits for the client; `deadline` is in seconds of the epoch."""

    id: str
    event: Any
    deadline: float


@dataclass(frozen=True)
class Report:
    """What has come of the process: `kind` is ready, response, error, init/error or, without a client, exit."""

    kind: str
    about: Any = None

    @property
    def error(self) -> str:
        return f"{self.about['errorType']}: {self.about['errorMessage']}"


@dataclass
class RuntimeApi:
    """One execution environment's API.

    Attributes
    ----------
    address
        Host and port.
    events
        What the client is handed, one at a time; None hangs up.
    reports
        What has come of it.
    """

    address: str = ""
    events: Queue[Event | None] = field(default_factory=Queue)
    reports: Queue[Report] = field(default_factory=Queue)
    _handling: str | None = None
    _asked: bool = False

    def answer(self, method: str, path: str, body: bytes, error_type: str | None) -> Response | None:
        """Return the response to a call; None hangs up."""
        if (method, path) == ("GET", f"{_RUNTIME}/invocation/next"):
            return self._next()
        if (method, path) == ("POST", f"{_RUNTIME}/init/error"):
            report = Report("init/error", json.loads(body))
            assert report.about["errorType"] == error_type
        elif self._handling and path.startswith(f"{_RUNTIME}/invocation/{self._handling}/"):
            report, self._handling = Report(path.rpartition("/")[2], json.loads(body)), None
        else:
            # The client fails loudly then.
            return 400, {}, b""
        self.reports.put(report)
        return _ACCEPTED

    def _next(self) -> Response | None:
        if not self._asked:
            self._asked = True
            self.reports.put(Report("ready"))
        event = self.events.get()
        if event is None:
            return None
        self._handling = event.id
        headers = {
            "Content-Type": "application/json",
            "Lambda-Runtime-Aws-Request-Id": event.id,
            "Lambda-Runtime-Deadline-Ms": str(int(event.deadline * 1000)),
            "Lambda-Runtime-Invoked-Function-Arn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:function",
            "Lambda-Runtime-Trace-Id": "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=0",
        }
        return 200, headers, json.dumps(event.event).encode()


@contextmanager
def serving(api: RuntimeApi) -> Iterator[None]:
    class Handler(AwsHandler):
        def response(self, body: bytes) -> Response | None:
            error_type = self.headers["Lambda-Runtime-Function-Error-Type"]
            return api.answer(self.command, self.path, body, error_type)

    with loopback_server(Handler) as port:
        api.address = f"127.0.0.1:{port}"
        yield
