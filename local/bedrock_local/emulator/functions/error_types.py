"""The type of a function's error, by which a state machine retries and catches it: for ministack all have the same.

Seen in ministack 1.5.33. https://docs.aws.amazon.com/lambda/latest/dg/python-exceptions.html,
https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html
"""

from __future__ import annotations

import re
from contextvars import ContextVar
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

NEEDS = ("core.lambda_runtime.Worker.invoke", "services.lambda_svc._execute_function_warm")

_ANY = "Runtime.HandlerError"
#: Of a function that ended before it had answered, for instance for want of memory; and what ministack says of it.
_EXIT, _DIED = "Runtime.ExitError", "Worker process died"

#: Of the error with which the function ended that this thread has called.
_type: ContextVar[str] = ContextVar("error_type", default="")


def tell_error_types() -> None:
    """Name a function's error by its class."""
    invoke, execute = lambda_runtime.Worker.invoke, lambda_svc._execute_function_warm  # noqa: SLF001 -- no public way in

    def invoke_worker(worker: Any, *about: Any, **more: Any) -> dict[str, Any]:  # noqa: ANN401 -- ministack's
        answer: dict[str, Any] = invoke(worker, *about, **more)
        _type.set(_told(answer.get("trace") or "", answer.get("error") or ""))
        return answer

    def execute_function(*about: Any) -> dict[str, Any]:  # noqa: ANN401 -- ministack's
        _type.set("")
        result: dict[str, Any] = execute(*about)
        body = result.get("body")
        if result.get("error") and isinstance(body, dict) and body.get("errorType") == _ANY:
            body["errorType"] = _type.get() or _ANY
        return result

    lambda_runtime.Worker.invoke = invoke_worker
    lambda_svc._execute_function_warm = execute_function  # noqa: SLF001 -- no public way in


def _told(trace: str, message: str) -> str:
    """Read a type where it stands: before the message, at the end of what Python prints; for Node.js it comes first."""
    if message == _DIED and not trace:
        return _EXIT
    if trace.startswith("Traceback"):
        end = f": {message}".rstrip("\n") if message else ""
        return trace.rstrip("\n").removesuffix(end).rpartition("\n")[2].rpartition(".")[2]
    found = re.match(r"[\w$]+", trace)
    return found[0] if found else ""
