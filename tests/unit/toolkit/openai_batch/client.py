"""OpenAI's own client, as a program: it is not among what this project depends on.

``client.py READERS requests`` prints lines of the Batch API, each with the body that the client sends for a call.
``client.py READERS members`` prints the members that a request may have, by its types.
``client.py READERS responses`` reads lines of output, has the client receive each, and prints what it makes of them.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

PIXEL = "data:image/png;base64,iVBORw0KGgo="
TOOL = {
    "type": "function",
    "function": {
        "name": "find",
        "strict": True,
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
    },
}
CALL = {"id": "call_1", "type": "function", "function": {"name": "find", "arguments": '{"city": "Bern"}'}}
USER = {"role": "user", "content": "Where?"}
CHATS: dict[str, dict[str, Any]] = {
    "plain": {
        "messages": [{"role": "system", "content": "Be brief."}, USER],
        "max_completion_tokens": 100,
        "temperature": 0.2,
    },
    "tools": {
        "messages": [
            USER,
            {"role": "assistant", "tool_calls": [CALL]},
            {"role": "tool", "tool_call_id": "call_1", "content": "Bern"},
        ],
        "tools": [TOOL],
        "tool_choice": "auto",
    },
    "image": {
        "messages": [
            {
                "role": "user",
                "content": [{"type": "text", "text": "What?"}, {"type": "image_url", "image_url": {"url": PIXEL}}],
            }
        ]
    },
    "schema": {
        "messages": [USER],
        "response_format": {
            "type": "json_schema",
            "json_schema": {
                "name": "a",
                "strict": True,
                "schema": {"type": "object", "properties": {}, "additionalProperties": False},
            },
        },
    },
    "more": {
        "messages": [{"role": "developer", "content": "Be brief."}, USER],
        "seed": 1,
        "n": 2,
        "stop": ["END"],
        "user": "u",
        "logprobs": True,
    },
}


class _Server(HTTPServer):
    asked: Any = None
    answer: tuple[int, Any] = (500, {})


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        self.server.asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        status, body = self.server.answer
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served() -> Iterator[tuple[_Server, Any]]:
    """A server on this machine, and a client of it."""
    import openai  # noqa: PLC0415 - found where the first argument says

    with _Server(("127.0.0.1", 0), _Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server, openai.OpenAI(api_key="none", base_url=f"http://127.0.0.1:{server.server_port}/v1", max_retries=0)
        server.shutdown()


def requests() -> Iterator[dict[str, Any]]:
    """Lines with what the client sends."""
    import openai  # noqa: PLC0415 - the same

    with served() as (server, client):
        for name, call in CHATS.items():
            with _ignored(openai.InternalServerError):
                client.chat.completions.create(model="gpt-4o-mini", **call)
            yield {"custom_id": name, "method": "POST", "url": "/v1/chat/completions", "body": server.asked}
        with _ignored(openai.InternalServerError):
            client.embeddings.create(
                model="text-embedding-3-small", input="Bern", dimensions=256, encoding_format="float"
            )
        yield {"custom_id": "vector", "method": "POST", "url": "/v1/embeddings", "body": server.asked}


def members() -> Iterator[dict[str, Any]]:
    """The names of members, of both endpoints."""
    from openai.types import EmbeddingCreateParams  # noqa: PLC0415 - the same
    from openai.types.chat.completion_create_params import CompletionCreateParamsStreaming  # noqa: PLC0415 - the same

    for each in (CompletionCreateParamsStreaming, EmbeddingCreateParams):
        yield {"names": sorted(each.__annotations__)}


def responses(lines: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """What the client makes of the responses of lines: strictly typed, or its error."""
    import openai  # noqa: PLC0415 - the same
    from openai.types import CreateEmbeddingResponse  # noqa: PLC0415 - the same
    from openai.types.chat import ChatCompletion  # noqa: PLC0415 - the same

    with served() as (server, client):
        for line in filter(lambda line: line["response"], lines):
            body = line["response"]["body"]
            server.answer = line["response"]["status_code"], body
            try:
                if body.get("object") == "list":
                    CreateEmbeddingResponse.model_validate(body, strict=True)
                    found = client.embeddings.create(model="m", input="x", encoding_format="float")
                else:
                    if "error" not in body:
                        ChatCompletion.model_validate(body, strict=True)
                    found = client.chat.completions.create(model="m", messages=[USER])
                yield {"custom_id": line["custom_id"], "found": found.model_dump()}
            except openai.APIStatusError as error:
                yield {"custom_id": line["custom_id"], "error": [type(error).__name__, error.type, error.body]}


@contextmanager
def _ignored(kind: type[Exception]) -> Iterator[None]:
    try:
        yield
    except kind:
        return


if __name__ == "__main__":
    sys.path.append(sys.argv[1])
    made = {"requests": requests, "members": members}.get(sys.argv[2])
    for each in made() if made else responses([json.loads(each) for each in sys.stdin]):
        sys.stdout.write(f"{json.dumps(each)}\n")
