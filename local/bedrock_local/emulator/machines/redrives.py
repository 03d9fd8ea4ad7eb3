"""RedriveExecution: an execution that did not succeed goes on from where it ended. ministack has no such operation.

Seen in ministack 1.5.33.
https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html,
https://docs.aws.amazon.com/step-functions/latest/apireference/API_RedriveExecution.html,
https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html
"""

from __future__ import annotations

import json
import threading
from contextvars import copy_context
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from ministack.core.responses import error_response_json, json_response, now_iso
from ministack.services import stepfunctions

from bedrock_local.emulator.machines.attempts import STATUS, running_attempt
from bedrock_local.emulator.machines.walks import run
from bedrock_local.names.arn import Arn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bedrock_local.emulator.machines.attempts import Execution

NEEDS = (
    "services.stepfunctions._add_event",
    "services.stepfunctions._describe_execution",
    "services.stepfunctions._emit_execution_status_event",
    "services.stepfunctions._executions",
    "services.stepfunctions._finalize_response",
    "services.stepfunctions._list_executions",
    "services.stepfunctions._run_execution",
    "services.stepfunctions._state_machines",
    "services.stepfunctions.handle_request",
)

_OPERATION = "AWSStepFunctions.RedriveExecution"
_PERIOD = timedelta(days=14)
_OK = 200
_REDRIVABLE = "REDRIVABLE"


def redrive_executions() -> None:
    """Serve RedriveExecution, and tell of an execution whether and how often it was redriven."""
    handle = stepfunctions.handle_request

    async def handle_request(method: str, path: str, headers: Mapping[str, str], body: bytes, query: Any) -> Any:  # noqa: ANN401 -- ministack's
        if headers.get("x-amz-target") == _OPERATION:
            return stepfunctions._finalize_response(_redrive_execution(json.loads(body)))  # noqa: SLF001 -- no public way in
        return await handle(method, path, headers, body, query)

    stepfunctions.handle_request = handle_request
    stepfunctions._describe_execution = _telling(stepfunctions._describe_execution, _describe)  # noqa: SLF001 -- no public way in
    stepfunctions._list_executions = _telling(stepfunctions._list_executions, _list)  # noqa: SLF001 -- the same


def _telling(ask: Callable[[Any], Any], tell: Callable[[dict[str, Any]], None]) -> Callable[[Any], Any]:
    def answer(request: Any) -> Any:  # noqa: ANN401 -- ministack's
        status, headers, body = ask(request)
        if status != _OK:
            return status, headers, body
        told = json.loads(body)
        tell(told)
        return json_response(told)

    return answer


def _describe(told: dict[str, Any]) -> None:
    told |= redrive_details(stepfunctions._executions[told["executionArn"]])  # noqa: SLF001 -- no public way in


def _list(told: dict[str, Any]) -> None:
    for each in told["executions"]:
        details = redrive_details(stepfunctions._executions[each["executionArn"]])  # noqa: SLF001 -- no public way in
        each |= {name: details[name] for name in ("redriveCount", "redriveDate") if name in details}


def redrive_details(execution: Execution) -> dict[str, Any]:
    """Tell whether an execution can be redriven, and how often it was.

    Parameters
    ----------
    execution
        As ministack keeps it.

    Returns
    -------
    dict
        As DescribeExecution names it.
    """
    details = {"redriveCount": execution.get("redriveCount", 0)}
    if "redriveDate" in execution:
        details["redriveDate"] = execution["redriveDate"]
    refusal = _refusal(execution)
    if refusal:
        return {**details, "redriveStatus": "NOT_REDRIVABLE", "redriveStatusReason": refusal}
    return {**details, "redriveStatus": "REDRIVABLE_BY_MAP_RUN" if "mapRunArn" in execution else _REDRIVABLE}


def revive(execution: Execution) -> None:
    """Let an execution run again.

    Parameters
    ----------
    execution
        One that did not succeed.
    """
    count, now = execution.get("redriveCount", 0) + 1, now_iso()
    execution.update(status="RUNNING", stopDate=None, error=None, cause=None, redriveCount=count, redriveDate=now)
    execution["_redriven_map_run"] = execution.pop("_map_run", None)
    if "_context" in execution:
        execution["_context"]["Execution"] |= {"RedriveCount": count, "RedriveTime": now}
    details = {"executionRedrivenEventDetails": {"redriveCount": count}}
    stepfunctions._add_event(execution, "ExecutionRedriven", details)  # noqa: SLF001 -- no public way in


def _redrive_execution(request: Mapping[str, Any]) -> Any:  # noqa: ANN401 -- ministack's
    arn, token = request.get("executionArn"), request.get("clientToken")
    execution = stepfunctions._executions.get(arn)  # noqa: SLF001 -- no public way in
    if execution is None:
        return error_response_json("ExecutionDoesNotExist", f"Execution Does Not Exist: '{arn}'", 400)
    with STATUS:
        if token and token == execution.get("_redrive_token"):
            return json_response({"redriveDate": execution["redriveDate"]})
        refusal = _refusal(execution)
        if refusal or "mapRunArn" in execution:
            why = refusal or "Execution is a child of a Map Run, which is redriven by its parent."
            return error_response_json("ExecutionNotRedrivable", f"{why} '{arn}'", 400)
        revive(execution)
        execution["_redrive_token"] = token
        attempt = running_attempt(execution)
    stepfunctions._emit_execution_status_event(execution)  # noqa: SLF001 -- no public way in
    # One without a context ended before its first state.
    go_on = (run, attempt) if "_context" in execution else (stepfunctions._run_execution, arn)  # noqa: SLF001 -- the same
    threading.Thread(target=copy_context().run, args=go_on, daemon=True).start()
    return json_response({"redriveDate": execution["redriveDate"]})


def _refusal(execution: Execution) -> str | None:
    status, stopped = execution["status"], execution["stopDate"]
    if status in {"RUNNING", "SUCCEEDED", "PENDING_REDRIVE"}:
        return f"Execution is {status} and cannot be redriven."
    machine = stepfunctions._state_machines.get(str(Arn.parse(execution["stateMachineArn"]).above))  # noqa: SLF001 -- no public way in
    if machine is None:
        return "State machine is in DELETING status."
    if machine["type"] != "STANDARD":
        return "Execution is of an EXPRESS state machine and cannot be redriven."
    if datetime.now(UTC) - datetime.fromisoformat(stopped) > _PERIOD:
        return "Execution redrivable period exceeded."
    return None
