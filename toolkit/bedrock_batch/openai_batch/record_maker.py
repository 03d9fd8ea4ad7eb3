"""Records out of lines, and what is counted on the way."""

from collections.abc import Callable
from typing import Any

from bedrock_batch.bodies.request import Request
from bedrock_batch.bodies.writing import BodyWriter
from bedrock_batch.openai_batch.faults import FaultyLineError
from bedrock_batch.openai_batch.lines import EMBEDDINGS, Line, endpoint_of
from bedrock_batch.openai_batch.requests import ChatRequests, request_of_embeddings
from bedrock_batch.values import shortened

# More are none that a file names by intention.
_MODELS = _ADDRESSES = 100

Read = Callable[[dict[str, Any], set[str]], Request]


class RecordMaker:
    """Makes records of one model.

    Parameters
    ----------
    writer : BodyWriter
        Writes their bodies.

    Attributes
    ----------
    records : int
        How many there are.
    without_limit : int
        How many of the requests said nothing of the longest answer.
    models : dict of str to int
        Which models they named, and how many each.
    """

    def __init__(self, writer: BodyWriter) -> None:
        self.records = self.without_limit = 0
        self.models: dict[str, int] = {}
        self._writer, self._chats = writer, ChatRequests()
        self._readers: dict[str, Read] = {}

    def make(self, line: Line, lost: set[str]) -> dict[str, Any]:
        """Make a record, and count it.

        Parameters
        ----------
        line : Line
            The line; its body is used up.
        lost : set of str
            Told what of it is lost.

        Raises
        ------
        FaultyLineError
            If it cannot be one.
        BodyError
            If the model's family has nothing like it.
        """
        if not line.custom_id:
            raise FaultyLineError("'custom_id' is empty, and results are told apart by it; give each request its own")
        body, unlimited = self.write(line, lost)
        self.count(line.body.get("model"), unlimited=unlimited)
        return {"recordId": line.custom_id, "modelInput": body}

    def write(self, line: Line, lost: set[str]) -> tuple[dict[str, Any], bool]:
        """Write the body of a record, and say whether the request says nothing of the longest answer; as `make`."""
        read = self._readers.get(line.url) if line.method == "POST" else None
        if read is None:
            read = self._reader(line)
        try:
            request = read(line.body, lost)
        except FaultyLineError as fault:
            raise fault.below("body") from None
        return self._writer(request, lost), request.settings.max_tokens is None

    def count(self, model: object, *, unlimited: bool) -> None:
        """Count a record."""
        self.records += 1
        self.without_limit += unlimited
        if model is not None:
            try:
                self.models[model] += 1  # type: ignore[index]  # as most do
            except (KeyError, TypeError):
                name = model if isinstance(model, str) and len(self.models) < _MODELS else "others"
                self.models[name] = self.models.get(name, 0) + 1

    def _reader(self, line: Line) -> Read:
        """Say what reads the body of a request, once for each address."""
        embeds = endpoint_of(line.method, line.url) == EMBEDDINGS
        if embeds != self._writer.embeds:
            raise FaultyLineError(_other_kind(line.url, self._writer), "url")
        read: Read = request_of_embeddings if embeds else self._chats.read
        if len(self._readers) < _ADDRESSES:
            self._readers[line.url] = read
        return read


def _other_kind(url: str, writer: BodyWriter) -> str:
    if writer.embeds:
        return f"asks {shortened(url)} for an answer, and {writer.family} makes vectors; choose another model"
    return f"asks {shortened(url)} for vectors, and {writer.family} answers; choose a model for embeddings"
