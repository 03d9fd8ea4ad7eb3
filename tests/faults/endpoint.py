"""The addresses to which the function sends its answers: over TLS, as S3 takes them for CloudFormation."""

import json
import queue
import socket
import ssl
import struct
import uuid
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import parse_qs, urlsplit

from .clock import Clock
from .loopback import loopback_server

#: In every signed address; no log may hold it.
SIGNATURE = "canary-signature"
_ACCEPTED, _REFUSED = 200, 403
#: Real seconds after which whoever waits looks whether time was skipped.
_NAP = 0.05


class Mishap(Enum):
    """What a connection may meet instead of an HTTP status."""

    RESET = "closed as soon as it is open"
    NOT_TLS = "answered in another protocol"
    NOT_HTTP = "answered in another protocol over TLS"
    STALL = "accepted, and never served"
    DROP = "the answer is taken, the reply never sent"


@dataclass(frozen=True)
class Put:
    """One answer that arrived: to which request, from which invocation, and what was said to it."""

    request_id: str
    invocation: str
    body: bytes
    status: int
    content_type: str | None


class Mailbox:
    """Where the answer to one request goes."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.closed = False
        self._answers: queue.Queue[dict[str, Any] | None] = queue.Queue()

    def accept(self, body: bytes) -> int:
        if self.closed:
            return _REFUSED
        self._answers.put(json.loads(body))
        return _ACCEPTED

    def abandon(self) -> None:
        """Stop listening; whoever waits is told that there is no answer."""
        self.closed = True
        self._answers.put(None)

    def wait(self, seconds: float, clock: Clock) -> dict[str, Any] | None:
        """Return the first answer, None if there was none in that time."""
        end = clock.now() + seconds
        while (left := end - clock.now()) > 0:
            with suppress(queue.Empty):
                return self._answers.get(timeout=min(left / clock.speed, _NAP))
        return None


@dataclass
class Endpoint:
    """All mailboxes behind one address.

    `meet` scripts what the next PUTs meet: HTTP statuses and mishaps; `always` is for all that have no script.
    `received` tells that a PUT has come.
    """

    address: str = ""
    puts: list[Put] = field(default_factory=list)
    always: int | Mishap | None = None
    received: Event = field(default_factory=Event)
    released: Event = field(default_factory=Event)
    _next: deque[int | Mishap] = field(default_factory=deque)
    _mailboxes: dict[str, Mailbox] = field(default_factory=dict)

    def open(self, request_id: str) -> Mailbox:
        """Make an address for one request; a request that is sent again gets another."""
        path = f"/{request_id}/{uuid.uuid4().hex}"
        mailbox = Mailbox(f"https://{self.address}{path}?X-Amz-Signature={SIGNATURE}")
        self._mailboxes[path] = mailbox
        return mailbox

    def mailbox(self, url: str) -> Mailbox:
        return self._mailboxes[urlsplit(url).path]

    def meet(self, *fates: int | Mishap) -> None:
        self._next.extend(fates)

    def heal(self) -> None:
        """From now on every answer is taken."""
        self._next.clear()
        self.always = None

    def reset(self) -> None:
        self.released.set()
        self.received, self.released = Event(), Event()
        self.heal()
        self.puts.clear()
        self._mailboxes.clear()

    def answers(self, request_id: str) -> list[dict[str, Any]]:
        """Every answer that was taken for a request."""
        return [json.loads(put.body) for put in self.puts if put.request_id == request_id and put.status == _ACCEPTED]

    def fate_of_connection(self) -> Mishap | None:
        fate = self._next[0] if self._next else self.always
        if fate not in (Mishap.RESET, Mishap.NOT_TLS, Mishap.NOT_HTTP, Mishap.STALL):
            return None
        return self._next.popleft() if self._next else self.always  # type: ignore[return-value]  # narrowed above

    def take(self, path: str, query: dict[str, list[str]], body: bytes, content_type: str | None) -> int | None:
        """Return the status of the reply, None for none."""
        fate = self._next.popleft() if self._next else self.always
        request_id, invocation = path.split("/")[1], query.get("invocation", ["?"])[0]
        mailbox = self._mailboxes.get(path)
        accepted = mailbox.accept(body) if mailbox and not isinstance(fate, int) else _REFUSED
        status = fate if isinstance(fate, int) else accepted
        self.puts.append(Put(request_id, invocation, body, status, content_type))
        self.received.set()
        return None if fate is Mishap.DROP else status


@contextmanager
def receiving(endpoint: Endpoint, certificate: Path, key: Path) -> Iterator[None]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    class Handler(BaseHTTPRequestHandler):
        def setup(self) -> None:
            fate = endpoint.fate_of_connection()
            if fate is Mishap.NOT_HTTP:
                self.request = context.wrap_socket(self.request, server_side=True)
            if fate:
                _suffer(fate, self.request, endpoint.released)
                raise ConnectionAbortedError
            # Here and not where connections are accepted: one slow handshake must not hold up the others.
            self.request = context.wrap_socket(self.request, server_side=True)
            super().setup()

        def do_PUT(self) -> None:
            target, body = urlsplit(self.path), self.rfile.read(int(self.headers["content-length"]))
            status = endpoint.take(target.path, parse_qs(target.query), body, self.headers["content-type"])
            if status is not None:
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    with loopback_server(Handler) as port:
        endpoint.address = f"127.0.0.1:{port}"
        yield


def _suffer(fate: Mishap, connection: socket.socket, released: Event) -> None:
    if fate is Mishap.STALL:
        released.wait(30)
    if fate in (Mishap.NOT_TLS, Mishap.NOT_HTTP):
        connection.sendall(b"220 mail.example.com ESMTP\r\n")
    while fate is Mishap.NOT_HTTP and connection.recv(65536):
        """Take what is said, or the connection would be reset."""
    if fate is Mishap.RESET:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
