"""HTTP servers on loopback that stand for AWS."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

Response = tuple[int, Mapping[str, str], bytes]


class AwsHandler(BaseHTTPRequestHandler):
    """Answers AWS's clients, which keep their connections and ask before they send an object."""

    protocol_version = "HTTP/1.1"
    # A reply in two packets would wait for the acknowledgement of the first.
    wbufsize = -1
    disable_nagle_algorithm = True

    @abstractmethod
    def response(self, body: bytes) -> Response | None:
        """Return the response to the request with this body; None to hang up."""

    def answer(self) -> None:
        size = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(size)
        # Whoever was killed in the middle of a call has not made it.
        response = self.response(body) if len(body) == size else None
        if response is None:
            self.close_connection = True
            return
        status, headers, content = response
        self.send_response_only(status)
        for name, value in {"Content-Length": str(len(content)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def handle_expect_100(self) -> bool:
        going_on = super().handle_expect_100()
        # A client that sends an object waits a second for this.
        self.wfile.flush()
        return going_on

    do_DELETE = do_GET = do_HEAD = do_POST = do_PUT = answer  # noqa: N815 (the base class's names)

    def log_message(self, *_: object) -> None:
        """Stay silent."""


class _SilentServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Stay silent: a peer that was killed in the middle of a call is what these tests are about."""


@contextmanager
def loopback_server(handler: type[BaseHTTPRequestHandler]) -> Iterator[int]:
    """Serve in a thread, at a free port that is told."""
    with _SilentServer(("127.0.0.1", 0), handler) as running:
        thread = Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield running.server_port
        finally:
            running.shutdown()
            thread.join()
