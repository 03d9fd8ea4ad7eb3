"""Requests to OpenAI's endpoints, as requests in Converse's terms."""

from typing import Any

from bedrock_batch.bodies.request import Message, Request, Text
from bedrock_batch.openai_batch.faults import FaultyLineError, unlike
from bedrock_batch.openai_batch.messages import messages_of
from bedrock_batch.openai_batch.settings import others_of, settings_of
from bedrock_batch.openai_batch.tools import tools_of

_PLACED_OF_EMBEDDINGS = frozenset({"model", "input", "dimensions", "encoding_format"})
_FORMER = {"functions": "tools", "function_call": "tool_choice"}


class ChatRequests:
    """Requests to ``/v1/chat/completions``: most of a file differ in their messages alone, so the rest is read once."""

    def __init__(self) -> None:
        self._last: dict[str, Any] | None = None
        self._rest: tuple[Any, ...] = ()
        self._lost: set[str] = set()

    def read(self, body: dict[str, Any], lost: set[str]) -> Request:
        """Read the body of a request; its messages are taken out of it.

        Parameters
        ----------
        body : dict
            The body.
        lost : set of str
            Told of what no family has anything like.

        Raises
        ------
        FaultyLineError
            If it is not as OpenAI has it, or holds something that cannot be carried.
        """
        found = body.pop("messages", None)
        if body != self._last:
            self._last, self._lost = None, set()
            self._rest = _rest_of(body, self._lost)
            self._last = body
        system, messages = messages_of(found, lost)
        if self._lost:
            lost.update(self._lost)
        return Request(messages, system, *self._rest)


def _rest_of(body: dict[str, Any], lost: set[str]) -> tuple[Any, ...]:
    settings = settings_of(body, lost)
    tools, choice = tools_of(body, lost) if "tools" in body or "tool_choice" in body else ((), None)
    others = others_of(body)
    for name, now in _FORMER.items():
        if name in others:
            raise FaultyLineError(f"'{name}' is OpenAI's former name; write it as '{now}'", name)
    return settings, tools, choice, others


def request_of_embeddings(body: dict[str, Any], lost: set[str]) -> Request:
    """Read the body of a request to ``/v1/embeddings``: each text is a message.

    Raises
    ------
    FaultyLineError
        As `ChatRequests.read`.
    """
    found, dimensions = body.get("input"), body.get("dimensions")
    texts = [found] if isinstance(found, str) else found
    if not isinstance(texts, list) or not texts:
        raise unlike("input", "a text or a list of texts", found)
    for place, text in enumerate(texts):
        if not isinstance(text, str):
            raise FaultyLineError("'input' has tokens, which only OpenAI's models read; write the text", "input", place)
    if dimensions is not None and (type(dimensions) is not int or dimensions < 1):
        raise unlike("dimensions", "a whole number of at least 1", dimensions)
    if body.get("encoding_format") not in (None, "float"):
        lost.add("encoding_format")
    lost.update(name for name, value in body.items() if name not in _PLACED_OF_EMBEDDINGS and value is not None)
    others = {} if dimensions is None else {"dimensions": dimensions}
    return Request(tuple(Message("user", (Text(text),)) for text in texts), others=others)
