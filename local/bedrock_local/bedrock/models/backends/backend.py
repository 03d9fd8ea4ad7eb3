"""What every model is, whatever answers behind it."""

from typing import Protocol

from bedrock_local.bedrock.models.invocation import Completion, Prompt


class BackendUnavailableError(Exception):
    """A model cannot be loaded or reached. The message is one sentence for the user."""


class Backend(Protocol):
    """A model."""

    @property
    def concurrency(self) -> int:
        """How many prompts it answers at the same time."""

    def complete(self, prompt: Prompt) -> Completion:
        """Answer a prompt.

        Parameters
        ----------
        prompt
            The question.

        Returns
        -------
        Completion
            The answer.

        Raises
        ------
        RefusedError
            If the model cannot take this prompt; too long, for example.
        """
