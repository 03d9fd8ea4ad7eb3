"""A real HTTP server that stands where models are asked on demand, and answers each question as a test says."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import boto3
from botocore.config import Config

Body = Mapping[str, Any]


@dataclass(frozen=True)
class Refusal:
    status: int
    code: str
    message: str = "no"


def generation(body: Body) -> Body:
    return {"generation": body["prompt"], "stop_reason": "stop"}


@dataclass
class ModelEndpoint:
    """What was asked, each body as text, and who answers: with a body, bytes as they are, or a refusal."""

    url: str = ""
    answer: Callable[[Body], Body | bytes | Refusal] = generation
    asked: list[str] = field(default_factory=list)
    paths: set[str] = field(default_factory=set)

    def client(self) -> Any:
        # As a function has it: each try is counted by who asks.
        config = Config(retries={"total_max_attempts": 1}, max_pool_connections=16, proxies={})
        return boto3.client("bedrock-runtime", "us-east-1", endpoint_url=self.url, config=config)


@contextmanager
def model_endpoint() -> Iterator[ModelEndpoint]:
    endpoint = ModelEndpoint()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            endpoint.asked.append(body.get("prompt") or json.dumps(body))
            endpoint.paths.add(self.path)
            said = endpoint.answer(body)
            self.send_response(said.status if isinstance(said, Refusal) else 200)
            if isinstance(said, Refusal):
                self.send_header("x-amzn-ErrorType", said.code)
                said = {"message": said.message}
            content = said if isinstance(said, bytes) else json.dumps(said).encode()
            tokens = {"x-amzn-bedrock-input-token-count": "7", "x-amzn-bedrock-output-token-count": "3"}
            for name, value in {"content-type": "application/json", **tokens}.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    endpoint.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield endpoint
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
