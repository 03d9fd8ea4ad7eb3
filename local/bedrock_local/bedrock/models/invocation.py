"""One invocation of a model, as families and backends see it.

Structs: each record makes one of each, and frozen dataclasses take five times as long to make.
"""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct


class RefusedError(Exception):
    """The model refuses a body; the record gets this error, and the job goes on.

    Parameters
    ----------
    code
        The ``errorCode`` of the output line: an HTTP status.
    message
        Its ``errorMessage``.
    """

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Message(Struct, frozen=True):
    """A turn of the conversation.

    Parameters
    ----------
    role
        ``system``, ``user`` or ``assistant``.
    text
        What was said.
    """

    role: str
    text: str


class Prompt(Struct, frozen=True):
    """What a model is asked, without the spelling of its family.

    Parameters
    ----------
    messages
        The conversation, oldest first.
    max_tokens
        Length of the answer at most. Default: the backend's own.
    temperature, top_p
        How much chance there is in the answer. Default: the backend's own.
    stop
        Texts that end the answer. Default: none.
    """

    messages: tuple[Message, ...]
    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    stop: tuple[str, ...] = ()


class Completion(Struct, frozen=True):
    """What a model says.

    Parameters
    ----------
    text
        The answer.
    input_tokens, output_tokens
        Length of prompt and answer.
    truncated
        Whether the answer ended because it was as long as it may be.
    """

    text: str
    input_tokens: int
    output_tokens: int
    truncated: bool = False


class Answer(Struct, frozen=True):
    """What a model family answers.

    Parameters
    ----------
    body
        The family's own response body.
    input_tokens, output_tokens
        For the manifest.
    """

    body: Mapping[str, Any]
    input_tokens: int
    output_tokens: int
