"""The model, asked one body at a time, and the only file that knows boto3's ``bedrock-runtime`` client."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from botocore.model import ListShape, MapShape, Shape, StructureShape

#: What InvokeModel tells beside the body, and the names that a manifest has for it.
_HEADERS = {
    "inputTokenCount": "x-amzn-bedrock-input-token-count",
    "outputTokenCount": "x-amzn-bedrock-output-token-count",
}
_USAGE = {"inputTokenCount": "inputTokens", "outputTokenCount": "outputTokens"}
_JSON = "application/json"


@dataclass(frozen=True)
class Said:
    """What the model answered.

    Parameters
    ----------
    output
        The response body.
    tokens
        Read and written, as far as it tells.
    """

    output: Mapping[str, Any]
    tokens: Mapping[str, int] = field(default_factory=dict)


class Model(Protocol):
    """A model. Asking raises what boto3's client raises."""

    def ask(self, body: Mapping[str, Any]) -> Said:
        """Return the answer to the ``modelInput`` of a record."""
        ...


class InvokedModel:
    """A model that takes bodies of its own shape."""

    def __init__(self, client: Any, model_id: str) -> None:  # noqa: ANN401 (boto3's clients have no class)
        self._client = client
        self._model_id = model_id

    def ask(self, body: Mapping[str, Any]) -> Said:
        """See `Model.ask`."""
        reply = self._client.invoke_model(
            modelId=self._model_id, body=json.dumps(body), contentType=_JSON, accept=_JSON
        )
        headers = reply["ResponseMetadata"]["HTTPHeaders"]
        tokens = {name: int(headers[header]) for name, header in _HEADERS.items() if header in headers}
        return Said(json.load(reply["body"]), tokens)


class ConversedModel:
    """A model that takes bodies in the shape of Converse."""

    def __init__(self, client: Any, model_id: str) -> None:  # noqa: ANN401 (as above)
        self._client = client
        self._model_id = model_id
        self._operation = client.meta.service_model.operation_model("Converse")

    def ask(self, body: Mapping[str, Any]) -> Said:
        """See `Model.ask`. What a record has in base64, the client wants as bytes, and gives back as such."""
        request = _with_bytes(body, self._operation.input_shape, _bytes_of)
        reply = self._client.converse(**{**request, "modelId": self._model_id})
        del reply["ResponseMetadata"]
        output = _with_bytes(reply, self._operation.output_shape, lambda content: b64encode(content).decode())
        usage = reply.get("usage", {})
        return Said(output, {name: usage[member] for name, member in _USAGE.items() if member in usage})


def _with_bytes(value: Any, shape: Shape, change: Callable[[Any], Any]) -> Any:  # noqa: ANN401 (decoded JSON)
    """Return a value in which what the service's model calls a blob is changed."""
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        members = shape.members
        return {name: _with_bytes(v, members[name], change) if name in members else v for name, v in value.items()}
    if isinstance(shape, ListShape) and isinstance(value, list):
        return [_with_bytes(each, shape.member, change) for each in value]
    if isinstance(shape, MapShape) and isinstance(value, dict):
        return {name: _with_bytes(each, shape.value, change) for name, each in value.items()}
    return change(value) if shape.type_name == "blob" else value


def _bytes_of(text: Any) -> Any:  # noqa: ANN401 (as above)
    try:
        return b64decode(text, validate=True)
    except (TypeError, ValueError):
        # The client, or the service, says what is wrong with it.
        return text
