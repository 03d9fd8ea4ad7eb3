"""A real HTTP server that stands where CloudFormation takes answers."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass
class ResponseEndpoint:
    """What arrived, and the statuses with which the next PUTs are met (200 when none are left)."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    content_types: list[str | None] = field(default_factory=list)

    @property
    def answer(self) -> dict[str, Any]:
        """The one answer; fails when there were none or several."""
        (body,) = self.bodies
        answer: dict[str, Any] = json.loads(body)
        return answer


@contextmanager
def response_endpoint() -> Iterator[ResponseEndpoint]:
    endpoint = ResponseEndpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            endpoint.bodies.append(self.rfile.read(int(self.headers["content-length"])))
            endpoint.content_types.append(self.headers["content-type"])
            self.send_response(endpoint.statuses.pop(0) if endpoint.statuses else 200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    endpoint.url = f"http://127.0.0.1:{server.server_port}/answer?Signature=canary"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield endpoint
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
