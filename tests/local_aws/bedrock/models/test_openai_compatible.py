"""A model server as it is: busy, slow, tired of a connection, or with an opinion."""

import json
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event

import httpx
import pytest

from bedrock_local.bedrock.models.backends import openai_compatible
from bedrock_local.bedrock.models.backends.backend import BackendUnavailableError
from bedrock_local.bedrock.models.backends.openai_compatible import OpenAICompatible
from bedrock_local.bedrock.models.invocation import Message, Prompt, RefusedError
from tests.faults.loopback import AwsHandler, Response, loopback_server

ASKED = Prompt((Message("user", "Is anybody there?"),))
ANSWER = {
    "choices": [{"message": {"role": "assistant", "content": "yes"}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 1, "completion_tokens": 1},
}
Reply = Callable[[int], Response | None]


def json_reply(status: int, body: object, **headers: str) -> Response:
    return status, {"Content-Type": "application/json", **headers}, json.dumps(body).encode()


def says_yes(_: int) -> Response:
    return json_reply(200, ANSWER)


@contextmanager
def server(reply: Reply, models: object = None) -> Iterator[tuple[str, list[int]]]:
    """A server that replies to the first, second, ... prompt; and the ports that it was asked from."""
    ports: list[int] = []
    listed = {"data": [{"id": "m"}]} if models is None else models

    class Handler(AwsHandler):
        def response(self, body: bytes) -> Response | None:
            if self.path == "/v1/models":
                return json_reply(200, listed)
            assert json.loads(body)["model"] == "m"
            ports.append(self.client_address[1])
            return reply(len(ports))

    with loopback_server(Handler) as port:
        yield f"http://127.0.0.1:{port}", ports


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openai_compatible, "_PAUSES", (0, 0))


def test_a_connection_is_kept_from_one_record_to_the_next() -> None:
    with server(says_yes) as (url, ports):
        backend = OpenAICompatible(url)
        assert {backend.complete(ASKED).text for _ in range(20)} == {"yes"}
    assert (len(ports), len(set(ports))) == (20, 1)


@pytest.mark.parametrize("status", [429, 502, 503])
def test_a_server_that_cannot_answer_now_is_asked_again(status: int) -> None:
    with server(lambda time: says_yes(time) if time == 3 else json_reply(status, "later")) as (url, ports):
        assert OpenAICompatible(url).complete(ASKED).text == "yes"
    assert len(ports) == 3


@pytest.mark.parametrize(("status", "error"), [(429, RefusedError), (503, httpx.HTTPStatusError)])
def test_one_that_never_can_is_given_up(status: int, error: type[Exception]) -> None:
    with server(lambda _: json_reply(status, "later")) as (url, ports), pytest.raises(error):
        OpenAICompatible(url).complete(ASKED)
    assert len(ports) == 3


def test_what_a_server_refuses_is_not_asked_again() -> None:
    refusal = json_reply(400, {"error": "too long"})
    with server(lambda _: refusal) as (url, ports), pytest.raises(RefusedError, match="too long") as refused:
        OpenAICompatible(url).complete(ASKED)
    assert (refused.value.code, len(ports)) == (400, 1)


def test_a_connection_that_its_server_has_closed_is_replaced() -> None:
    with server(lambda time: None if time == 2 else says_yes(time)) as (url, ports):
        backend = OpenAICompatible(url)
        assert [backend.complete(ASKED).text for _ in range(2)] == ["yes", "yes"]
    assert len(set(ports)) == 2


def test_a_server_that_never_answers_does_not_hold_a_record_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    over = Event()

    def never(_: int) -> None:
        over.wait()

    monkeypatch.setattr(openai_compatible, "_TIMEOUT", httpx.Timeout(0.5))
    with server(never) as (url, _):
        backend = OpenAICompatible(url)
        with pytest.raises(httpx.ReadTimeout):
            backend.complete(ASKED)
        over.set()


@pytest.mark.parametrize("models", [{"data": []}, {}, [], "none"])
def test_a_server_without_a_model_is_unavailable(models: object) -> None:
    with server(says_yes, models) as (url, _), pytest.raises(BackendUnavailableError, match="lists no model under"):
        OpenAICompatible(url)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "http://[", "https://127.0.0.1:1", "http://127.0.0.1:port"])
def test_no_server_is_a_sentence(url: str) -> None:
    with pytest.raises(BackendUnavailableError, match="no model server answers at http"):
        OpenAICompatible(url)


def test_the_certificates_are_those_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[ssl.SSLContext] = []
    real = ssl.create_default_context
    monkeypatch.setattr(ssl, "create_default_context", lambda *args, **kw: made.append(real(*args, **kw)) or made[-1])
    with server(says_yes) as (url, _):
        OpenAICompatible(url)
    assert made
