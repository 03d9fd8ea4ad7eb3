"""Any server with OpenAI's chat completions: Ollama, vLLM, llama.cpp."""

import ssl
import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import httpx

from bedrock_local.bedrock.models.backends.backend import BackendUnavailableError
from bedrock_local.bedrock.models.backends.chat import completion, request
from bedrock_local.bedrock.models.invocation import Completion, Prompt, RefusedError

# A model on a CPU takes minutes for an answer; that somebody is there shows at once.
_TIMEOUT = httpx.Timeout(600, connect=10)
# What a server says that is busy, or still loads its model, and what one says for it.
_NOT_NOW = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE})
_PAUSES = (0.5, 1, 2, 4)


class OpenAICompatible:
    """A model behind a base URL.

    Connections stay open from one record to the next. A server that cannot answer now is asked again, four times in
    eight seconds.

    Parameters
    ----------
    name
        The base URL: ``http://127.0.0.1:11434/v1``. A URL without a path gets ``/v1``. Its fragment names the model;
        default: the first that the server lists.

    Raises
    ------
    BackendUnavailableError
        If the server does not answer, or lists no model.
    """

    # Such servers batch what comes together.
    concurrency = 8

    def __init__(self, name: str) -> None:
        url, _, self._model = name.partition("#")
        self._base = url.rstrip("/") if url.partition("://")[2].strip("/").count("/") else url.rstrip("/") + "/v1"
        self._client = httpx.Client(
            timeout=_TIMEOUT,
            follow_redirects=True,
            # As many as there are records at a time: that is bounded elsewhere.
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=None),
            # The system's certificates, which may have those of a company.
            verify=ssl.create_default_context(),
        )
        self._model = self._model or self._first_model()

    def complete(self, prompt: Prompt) -> Completion:
        """Answer a prompt; see `Backend`."""
        answer = self._call("/chat/completions", {"model": self._model, **request(prompt)})
        if answer.is_client_error:
            raise RefusedError(answer.status_code, answer.text)
        return completion(answer.raise_for_status().json())

    def _first_model(self) -> str:
        try:
            return str(self._call("/models").raise_for_status().json()["data"][0]["id"])
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise BackendUnavailableError(f"no model server answers at {self._base} ({error})") from None
        except (KeyError, IndexError, TypeError):
            raise BackendUnavailableError(f"the server at {self._base} lists no model under /models") from None

    def _call(self, path: str, body: Mapping[str, Any] | None = None) -> httpx.Response:
        """Ask, and ask again a server that cannot answer now."""
        for pause in _PAUSES:
            answer = self._send(path, body)
            if answer.status_code not in _NOT_NOW:
                return answer
            time.sleep(pause)
        return self._send(path, body)

    def _send(self, path: str, body: Mapping[str, Any] | None) -> httpx.Response:
        call = self._client.build_request("GET" if body is None else "POST", self._base + path, json=body)
        try:
            return self._client.send(call)
        except httpx.RemoteProtocolError:
            # A server may close a connection in the moment that it is used again; another one tells.
            return self._client.send(call)
