"""The process that makes the calls of a function's AWS SDK for JavaScript: a JSON object a line to it and from it.

``python calls.py``, with boto3 in ``PYTHONPATH``. Errors have the names that the SDK gives them: those of the service
model's shapes, which may be longer than the service's codes.
"""

from __future__ import annotations

import base64
import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Lock
from typing import Any

import boto3
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, WaiterError
from botocore.response import StreamingBody

# Names no member of any service.
_MARK = "\0"
_THREADS = 32
# Those of the SDK: three attempts, and no limit to how long an answer takes; no function lives longer than this.
_ATTEMPTS = 3
_READ_SECONDS = 910
_NOT_FOUND = "404"
_ABOUT_A_CLIENT = ("service", "region", "endpoint", "credentials", "forcePathStyle", "maxAttempts")
# What is a stream to boto3 are bytes to the SDK.
_WITHOUT_STREAMS = ("lambda",)


class _Clients:
    """The clients that were asked for so far: making one takes long, and may not be done twice at once."""

    def __init__(self) -> None:
        self._made: dict[str, Any] = {}
        self._lock = Lock()

    def client(self, request: dict[str, Any]) -> Any:  # noqa: ANN401 -- boto3's clients have no common type
        about = {name: request.get(name) for name in _ABOUT_A_CLIENT}
        with self._lock:
            key = json.dumps(about, sort_keys=True)
            if key not in self._made:
                self._made[key] = _client(about)
            return self._made[key]


def _client(about: dict[str, Any]) -> Any:  # noqa: ANN401 -- the same
    given = about["credentials"] or {}
    config = Config(
        # The SDK leaves that to the service.
        parameter_validation=False,
        read_timeout=_READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": about["maxAttempts"] or _ATTEMPTS},
        s3={"addressing_style": "path"} if about["forcePathStyle"] else None,
    )
    client: Any = boto3.client
    return client(
        about["service"],
        about["region"],
        endpoint_url=about["endpoint"],
        aws_access_key_id=given.get("accessKeyId"),
        aws_secret_access_key=given.get("secretAccessKey"),
        aws_session_token=given.get("sessionToken"),
        config=config,
    )


def answer(clients: _Clients, request: dict[str, Any]) -> dict[str, Any]:
    """Make a call, or wait with several.

    Parameters
    ----------
    clients
        Those made so far.
    request
        What the SDK was asked: ``service``, ``operation`` or ``waiter``, ``input``, and the client's configuration.

    Returns
    -------
    dict
        Its ``output`` and ``metadata``, or its ``error``.
    """
    client = clients.client(request)
    try:
        if "waiter" in request:
            _wait(client, request)
            return {"output": {}, "metadata": {}}
        output = getattr(client, xform_name(request["operation"]))(**request["input"])
    except ClientError as error:
        return _refused(client, error)
    metadata = output.pop("ResponseMetadata", {})
    if request["service"] in _WITHOUT_STREAMS:
        output = {name: value.read() if isinstance(value, StreamingBody) else value for name, value in output.items()}
    return {"output": output, "metadata": _metadata(metadata)}


def _wait(client: Any, request: dict[str, Any]) -> None:  # noqa: ANN401 -- boto3's clients have no common type
    waiter = client.get_waiter(xform_name(request["waiter"]))
    seconds = request.get("seconds")
    # Without any, as long as the service's own waiter does.
    bound = {"MaxAttempts": max(1, round(seconds / waiter.config.delay))} if seconds else {}
    waiter.wait(**request["input"], WaiterConfig=bound)


def _refused(client: Any, error: ClientError) -> dict[str, Any]:  # noqa: ANN401 -- the same
    response: dict[str, Any] = {**error.response}
    about, metadata = response.pop("Error"), response.pop("ResponseMetadata", {})
    code = about.get("Code", "")
    shape = client.meta.service_model.shape_for_error_code(code)
    # An answer without a body, as HEAD has.
    name = shape.name if shape else "NotFound" if code == _NOT_FOUND else code
    members = {**about, **response}
    members.pop("Message", None)
    told = {"name": name, "message": about.get("Message") or name, "members": members}
    return {"error": told, "metadata": _metadata(metadata)}


def _metadata(metadata: dict[str, Any]) -> dict[str, Any]:
    attempts = metadata.get("RetryAttempts", 0) + 1
    return {
        "httpStatusCode": metadata.get("HTTPStatusCode"),
        "requestId": metadata.get("RequestId"),
        "extendedRequestId": metadata.get("HostId"),
        "attempts": attempts,
    }


def _failed(error: Exception) -> dict[str, Any]:
    name = "TimeoutError" if isinstance(error, WaiterError) else type(error).__name__
    return {"error": {"name": name, "message": str(error), "members": {}}, "metadata": {}}


def _sent(value: Any) -> Any:  # noqa: ANN401 -- whatever is in an answer that JSON has not
    if isinstance(value, datetime):
        return {_MARK: "time", "value": value.timestamp()}
    if isinstance(value, StreamingBody):
        return {_MARK: "stream", "value": base64.b64encode(value.read()).decode()}
    if isinstance(value, bytes | bytearray):
        return {_MARK: "bytes", "value": base64.b64encode(value).decode()}
    return str(value)


def _received(members: dict[str, Any]) -> Any:  # noqa: ANN401 -- the same
    if members.get(_MARK) == "bytes":
        return base64.b64decode(members["value"])
    if members.get(_MARK) == "time":
        return datetime.fromtimestamp(members["value"], UTC)
    return members


def main() -> None:
    """Answer each line of standard input until it ends; the answers come as they are ready, each with its number."""
    clients, writing = _Clients(), Lock()

    def serve(number: str, text: str) -> None:
        try:
            answered = answer(clients, json.loads(text, object_hook=_received))
        # Whatever it is, the function waits for it.
        except (BotoCoreError, Exception) as error:  # noqa: BLE001 -- the same
            answered = _failed(error)
        line = json.dumps(answered, default=_sent)
        with writing:
            sys.stdout.write(f"{number} {line}\n")
            sys.stdout.flush()

    with ThreadPoolExecutor(_THREADS) as pool:
        for line in sys.stdin:
            number, _, text = line.partition(" ")
            pool.submit(serve, number, text)
        # Nobody is left to hear what is still asked for.
        os._exit(0)


if __name__ == "__main__":
    main()
