"""One HTTP server on loopback for all the AWS services that the function calls, with faults in front of them."""

from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

from .loopback import AwsHandler, Response, loopback_server


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Call:
    """A request as the service understands it: the names are the API's."""

    operation: str
    parameters: Mapping[str, Any]


class Service(Protocol):
    """One AWS service: what a request means, what it answers, and how it words an error."""

    def call(self, request: Request) -> Call: ...

    def answer(self, request: Request, call: Call) -> Response: ...

    def error(self, code: str, text: str, status: int) -> Response: ...


@dataclass(frozen=True)
class Exchange:
    """One call that waits for its reply; `commit` lets the service really do it."""

    call: Call
    commit: Callable[[], Response]
    error: Callable[[str, str, int], Response]


#: What is answered instead of the service's own answer; None drops the connection. See `replies`.
Reply = Callable[[Exchange], Response | None]


@dataclass
class Front:
    """The services behind one address.

    `meet` scripts what the next calls of an operation meet, one reply each; `always` what all meet that have no script.
    """

    services: MutableMapping[str, Service] = field(default_factory=dict)
    url: str = ""
    calls: list[Call] = field(default_factory=list)
    _next: dict[str, deque[Reply]] = field(default_factory=lambda: defaultdict(deque))
    _always: dict[str, Reply] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def meet(self, operation: str, *replies: Reply) -> None:
        self._next[operation].extend(replies)

    def always(self, operation: str, reply: Reply) -> None:
        self._always[operation] = reply

    def heal(self) -> None:
        """From now on every call meets the service itself."""
        self._next.clear()
        self._always.clear()

    def reset(self, services: Mapping[str, Service]) -> None:
        """Put other services behind the same address, without faults and without calls."""
        self.heal()
        self.services.clear()
        self.services.update(services)
        self.calls.clear()

    def of(self, operation: str) -> list[Mapping[str, Any]]:
        """The parameters of all calls of an operation."""
        return [call.parameters for call in self.calls if call.operation == operation]

    def reply(self, request: Request) -> Response | None:
        service = self.services.get(_service_name(request))
        if service is None:
            # Nothing else may be called: the invariants look for this line.
            self.calls.append(Call(f"{_service_name(request)}: {request.method} {request.path}", {}))
            return 400, {}, b""
        call = service.call(request)
        with self._lock:
            self.calls.append(call)
            script = self._next[call.operation]
            reply = script.popleft() if script else self._always.get(call.operation)
        exchange = Exchange(call, lambda: service.answer(request, call), service.error)
        return reply(exchange) if reply else exchange.commit()


def _service_name(request: Request) -> str:
    """Read the service from the signature: ``Credential=<key>/<date>/<region>/<service>/aws4_request``."""
    _, _, scope = request.headers.get("Authorization", "").partition("Credential=")
    parts = scope.split(",")[0].split("/")
    return parts[3] if len(parts) > 3 else "unsigned"


@contextmanager
def serving(front: Front) -> Iterator[None]:
    class Handler(AwsHandler):
        def response(self, body: bytes) -> Response | None:
            target = urlsplit(self.path)
            query = parse_qs(target.query, keep_blank_values=True)
            return front.reply(Request(self.command, target.path, query, dict(self.headers), body))

    with loopback_server(Handler) as port:
        front.url = f"http://127.0.0.1:{port}"
        yield
