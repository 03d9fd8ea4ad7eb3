"""Any server with OpenAI's chat completions: Ollama, vLLM, llama.cpp."""

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any
from urllib.parse import urldefrag, urlsplit

from bedrock_local.bedrock.models.backends.backend import BackendUnavailableError
from bedrock_local.bedrock.models.backends.chat import completion, request
from bedrock_local.bedrock.models.invocation import Completion, Prompt, RefusedError

_TIMEOUT_SECONDS = 600
_CLIENT_ERRORS = range(400, 500)


class OpenAICompatible:
    """A model behind a base URL.

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
        url, self._model = urldefrag(name)
        self._base = url.rstrip("/") if urlsplit(url).path.strip("/") else url.rstrip("/") + "/v1"
        self._model = self._model or self._first_model()

    def complete(self, prompt: Prompt) -> Completion:
        """Answer a prompt; see `Backend`."""
        try:
            return completion(self._call("/chat/completions", {"model": self._model, **request(prompt)}))
        except urllib.error.HTTPError as error:
            if error.code not in _CLIENT_ERRORS:
                raise
            raise RefusedError(error.code, error.read().decode(errors="replace")) from None

    def _first_model(self) -> str:
        try:
            return str(self._call("/models")["data"][0]["id"])
        except (OSError, ValueError) as error:
            raise BackendUnavailableError(f"no model server answers at {self._base} ({error})") from None
        except (KeyError, IndexError, TypeError):
            raise BackendUnavailableError(f"the server at {self._base} lists no model under /models") from None

    def _call(self, path: str, body: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401 -- decoded JSON
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        call = urllib.request.Request(self._base + path, data, headers)  # noqa: S310 -- from_name takes http(s) only
        with urllib.request.urlopen(call, timeout=_TIMEOUT_SECONDS) as answer:  # noqa: S310 -- the same
            return json.load(answer)
