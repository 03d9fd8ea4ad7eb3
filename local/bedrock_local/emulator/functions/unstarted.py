"""A function whose code cannot be unpacked: ministack says what the system said, and nobody answers CloudFormation.

It is tried again, then the function that answers for it is tried, which does not fit either; the stack waits for the
whole service timeout. Seen in ministack 1.5.33.
"""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING, Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc
from ministack.services.cloudformation import custom_resource

from bedrock_local.disk import is_full, refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

NEEDS = (
    "core.lambda_runtime.Worker._spawn",
    "services.lambda_svc._provided_runtime_code_dir",
    "services.lambda_svc._execute_function",
)


class NotStartedError(RuntimeError):
    """A function whose code cannot be unpacked."""

    #: What ministack names the error by, whichever runtime the function has.
    error_type = "NotStartedError"


def answer_for_functions() -> None:
    """Say in a sentence why a function cannot start, and tell it to who waits for the function's answer."""
    lambda_runtime.Worker._spawn = _naming(lambda_runtime.Worker._spawn)  # noqa: SLF001 -- no public way in
    unpack = lambda_svc._provided_runtime_code_dir  # noqa: SLF001 -- the same
    lambda_svc._provided_runtime_code_dir = _naming(unpack)  # noqa: SLF001 -- the same
    execute = lambda_svc._execute_function  # noqa: SLF001 -- the same

    def execute_or_answer(function: Mapping[str, Any], event: Any) -> dict[str, Any]:  # noqa: ANN401 -- any JSON
        result: dict[str, Any] = execute(function, event)
        # Once CloudFormation has its answer, there is nothing to try again.
        return {} if _answer(event, result) else result

    lambda_svc._execute_function = execute_or_answer  # noqa: SLF001 -- the same


def _naming(unpack: Callable[..., Any]) -> Callable[..., Any]:
    def unpack_or_say_why(*about: Any) -> Any:  # noqa: ANN401 -- ministack's
        try:
            return unpack(*about)
        except (OSError, RuntimeError) as error:
            # A layer's error is the cause of ministack's.
            for refused in (error, error.__cause__):
                if is_full(refused) or (isinstance(refused, OSError) and refused.filename):
                    why = refusal(refused, tempfile.gettempdir())
                    raise NotStartedError(f"The local AWS cannot start this function: {why}") from None
            raise

    return unpack_or_say_why


def _answer(event: Any, result: dict[str, Any]) -> bool:  # noqa: ANN401 -- any JSON
    """Answer CloudFormation if a function has not started; return whether somebody waited for it."""
    body = result.get("body")
    if not isinstance(body, dict) or body.get("errorType") != NotStartedError.error_type:
        return False
    # The function on failure gets the event of the one that failed inside of its own.
    asked = event.get("requestPayload", event) if isinstance(event, dict) else {}
    if not isinstance(asked, dict) or "ResponseURL" not in asked:
        return False
    response = {key: asked.get(key, "") for key in ("StackId", "LogicalResourceId", "PhysicalResourceId")}
    response |= {"Status": "FAILED", "Reason": body["errorMessage"]}
    waited: bool = custom_resource.deliver_response(asked["ResponseURL"].rpartition("/")[2], response)
    return waited
