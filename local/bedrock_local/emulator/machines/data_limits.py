"""The 256 KiB that the input or result of a state, a task or an execution may have: ministack takes any size.

It takes an execution's input that is no JSON, too. Seen in ministack 1.5.33.
https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html,
https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html,
https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
"""

from __future__ import annotations

import json
from typing import Any

from ministack.core.responses import error_response_json
from ministack.services import stepfunctions

NEEDS = ("services.stepfunctions._ExecutionError", "services.stepfunctions._start_execution")

MOST_BYTES = 256 * 1024
_TOO_LONG = (
    "1 validation error detected: Value at 'input' failed to satisfy constraint: "
    f"Member must have length less than or equal to {MOST_BYTES}"
)


def bound_inputs() -> None:
    """Refuse to start an execution with what is no input."""
    start = stepfunctions._start_execution  # noqa: SLF001 -- no public way in

    def start_execution(request: dict[str, Any]) -> Any:  # noqa: ANN401 -- ministack's
        given = request.get("input", "{}")
        if len(given.encode()) > MOST_BYTES:
            return error_response_json("ValidationException", _TOO_LONG, 400)
        try:
            json.loads(given)
        except ValueError as error:
            return error_response_json(
                "InvalidExecutionInput", f"Invalid State Machine Execution Input: '{error}'", 400
            )
        return start(request)

    stepfunctions._start_execution = start_execution  # noqa: SLF001 -- no public way in


def require_size(what: Any, whose: str) -> None:  # noqa: ANN401 -- any JSON
    """Go on only with what is small enough.

    Parameters
    ----------
    what
        An input or a result.
    whose
        What it belongs to: ``The state/task 'arn:aws:states:::lambda:invoke'``.

    Raises
    ------
    ministack's own error of an execution
        If it is too large.
    """
    if len(json.dumps(what, ensure_ascii=False, separators=(",", ":")).encode()) > MOST_BYTES:
        told = f"{whose} returned a result with a size exceeding the maximum number of bytes service limit."
        raise stepfunctions._ExecutionError("States.DataLimitExceeded", told)  # noqa: SLF001 -- no public way in
