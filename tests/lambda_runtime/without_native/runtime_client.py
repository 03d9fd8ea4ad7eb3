"""The native part of AWS's runtime client, in Python: for machines for which AWS builds none, such as a Mac.

All the rest of the client, which loads the handler, logs and reports, is AWS's own there too.
"""

import http.client
import os

_INVOCATION = "/2018-06-01/runtime/invocation"
_HEADERS = ("Aws-Request-Id", "Trace-Id", "Invoked-Function-Arn", "Client-Context", "Cognito-Identity")


def initialize_client(user_agent: str) -> None:
    """Take the name that the native part sends along."""
    del user_agent


def next() -> tuple[bytes, dict[str, str | int | None]]:  # noqa: A001 (the native part's name)
    headers, body = _call("GET", f"{_INVOCATION}/next", 200)
    named = {f"Lambda-Runtime-{name}": headers.get(f"Lambda-Runtime-{name}") for name in _HEADERS}
    deadline = int(headers["Lambda-Runtime-Deadline-Ms"])
    return body, {**named, "Lambda-Runtime-Deadline-Ms": deadline, "Content-Type": headers["Content-Type"]}


def post_invocation_result(invoke_id: str, result: bytes, content_type: str, _invocation_id: str | None) -> None:
    _call("POST", f"{_INVOCATION}/{invoke_id}/response", 202, result, {"Content-Type": content_type})


def post_error(invoke_id: str, error: str, xray_fault: str, _invocation_id: str | None) -> None:
    headers = {"Content-Type": "application/json", "Lambda-Runtime-Function-XRay-Error-Cause": xray_fault}
    _call("POST", f"{_INVOCATION}/{invoke_id}/error", 202, error.encode(), headers)


def _call(
    method: str, path: str, wanted: int, body: bytes | None = None, headers: dict[str, str] | None = None
) -> tuple[http.client.HTTPMessage, bytes]:
    connection = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    connection.request(method, path, body, headers or {})
    response = connection.getresponse()
    content = response.read()
    connection.close()
    if response.status != wanted:
        raise RuntimeError(f"{method} {path} was answered with {response.status}")
    return response.headers, content
