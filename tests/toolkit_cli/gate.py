"""A gate before the local AWS: a request that is held there keeps its sender in the middle of its work."""

import http.client
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from threading import Event, Semaphore
from urllib.parse import urlsplit

from tests.faults.loopback import AwsHandler, Response, loopback_server

#: Seconds after which a request that never comes is a mistake of the test.
_PATIENCE = 60
#: What belongs to one connection, and not to the next.
_OF_THE_CONNECTION = {"connection", "transfer-encoding"}


@dataclass
class Gate:
    """Hands requests on. Those like ``PUT /bucket/key?query`` wait, but for the first few of them.

    `passed` are those that have been answered.
    """

    held: re.Pattern[str]
    first: int = 0
    url: str = ""
    passed: list[str] = field(default_factory=list)
    _reached: Semaphore = field(default_factory=lambda: Semaphore(0))
    _opened: Event = field(default_factory=Event)
    _answered: Event = field(default_factory=Event)

    def wait(self, requests: int = 1) -> None:
        """Return when so many requests are held."""
        for _ in range(requests):
            found = self._reached.acquire(timeout=_PATIENCE)
            assert found, f"too few like {self.held.pattern} came; answered were {self.passed}"

    def open(self) -> None:
        """Let all requests through, and return when one that was held has its answer."""
        self._opened.set()
        assert self._answered.wait(_PATIENCE)

    def close(self) -> None:
        """Let nobody wait any more."""
        self._opened.set()

    def hand_on(self, request: str, send: Callable[[], Response]) -> Response:
        """Send a request, later if it is one to hold."""
        like = len([each for each in self.passed if self.held.search(each)])
        held = self.held.search(request) and like >= self.first
        if held:
            self._reached.release()
            self._opened.wait(_PATIENCE)
        answer = send()
        self.passed.append(request)
        if held:
            self._answered.set()
        return answer


@contextmanager
def gate(url: str, held: str, first: int = 0) -> Iterator[Gate]:
    """Stand before a server, at a free port."""
    standing = Gate(re.compile(held), first)

    class Handler(AwsHandler):
        def response(self, body: bytes) -> Response:
            request = (self.command, self.path, body, dict(self.headers))
            return standing.hand_on(f"{self.command} {self.path}", lambda: _sent(url, *request))

    with loopback_server(Handler) as port:
        standing.url = f"http://127.0.0.1:{port}"
        try:
            yield standing
        finally:
            standing.close()


def _sent(url: str, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Response:
    with closing(http.client.HTTPConnection(urlsplit(url).netloc)) as connection:
        connection.request(method, path, body, dict(headers))
        response = connection.getresponse()
        content = response.read()
        told = {name.title(): value for name, value in response.getheaders() if name.lower() not in _OF_THE_CONNECTION}
        return response.status, told, content
