"""The models that answer in place of Bedrock's.

* ``echo``: repeats the question. Deterministic, instant.
* ``smollm2``: SmolLM2-135M-Instruct on the CPU, in this process, offline.
* ``http://...`` or ``https://...``: any server with OpenAI's chat completions. A fragment names the model:
  ``http://127.0.0.1:11434/v1#llama3.2``.
"""

from bedrock_local.bedrock.models.backends.backend import Backend, BackendUnavailableError


def from_name(name: str) -> Backend:
    """Make the backend that a name stands for.

    Parameters
    ----------
    name
        ``echo``, ``smollm2`` or a base URL.

    Returns
    -------
    Backend
        The backend, ready to answer.

    Raises
    ------
    BackendUnavailableError
        If there is no backend of this name, or it cannot be loaded or reached.
    """
    # Imported here: only the chosen one's libraries need to be installed.
    if name == "echo":
        from bedrock_local.bedrock.models.backends.echo import Echo  # noqa: PLC0415 -- see above

        return Echo()
    if name == "smollm2":
        from bedrock_local.bedrock.models.backends.smollm2 import SmolLM2  # noqa: PLC0415 -- see above

        return SmolLM2()
    if name.startswith(("http://", "https://")):
        from bedrock_local.bedrock.models.backends.openai_compatible import OpenAICompatible  # noqa: PLC0415 -- see above

        return OpenAICompatible(name)
    raise BackendUnavailableError(f"there is no model backend {name!r}: use echo, smollm2 or an http(s):// base URL")
