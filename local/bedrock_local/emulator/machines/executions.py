"""The end of an execution: with its machine, when it is stopped, or when the machine's time is over.

ministack lets executions of a machine that a stack deletes run on, sleeps a wait out in any case, knows no
``TimeoutSeconds`` of a machine, and refuses a name again also with the input of the execution that has it and runs.
Seen in ministack 1.5.33.
https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html,
https://docs.aws.amazon.com/step-functions/latest/apireference/API_DeleteStateMachine.html
"""

from __future__ import annotations

import json
import time
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from ministack.core.responses import json_response
from ministack.services import stepfunctions
from ministack.services.cloudformation import provisioners

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NEEDS = (
    "services.stepfunctions._run_execution",
    "services.stepfunctions._executions",
    "services.stepfunctions._fail_execution",
    "services.stepfunctions._scaled_sleep",
    "services.stepfunctions._start_execution",
    "services.stepfunctions._stop_execution",
    "services.stepfunctions._state_machines",
    "services.stepfunctions._delete_state_machine",
    "services.stepfunctions._ExecutionError",
    "services.cloudformation.provisioners._RESOURCE_HANDLERS",
)

_TIMEOUT = "States.Timeout"
_LOOK_SECONDS = 0.2

_execution: ContextVar[dict[str, Any] | None] = ContextVar("execution", default=None)
_deadline: ContextVar[float] = ContextVar("deadline", default=float("inf"))


def running_execution() -> dict[str, Any] | None:
    """Return the execution that this thread runs; None in any other."""
    return _execution.get()


def end_executions() -> None:
    """End executions as Step Functions does, and start none twice."""
    _run_with_deadline()
    _wait_no_longer()
    _fail_what_runs()
    _start_once()
    _end_with_machine()


def _run_with_deadline() -> None:
    run = stepfunctions._run_execution  # noqa: SLF001 -- no public way in

    def run_execution(arn: str) -> None:
        # In a thread of its own, so nothing is to be set back.
        execution = stepfunctions._executions.get(arn)  # noqa: SLF001 -- no public way in
        _execution.set(execution)
        machine = execution and stepfunctions._state_machines.get(execution["stateMachineArn"])  # noqa: SLF001 -- the same
        seconds = json.loads(machine["definition"]).get("TimeoutSeconds") if machine else None
        _deadline.set(time.monotonic() + (seconds or float("inf")))
        run(arn)

    stepfunctions._run_execution = run_execution  # noqa: SLF001 -- the same


def _wait_no_longer() -> None:
    sleep = stepfunctions._scaled_sleep  # noqa: SLF001 -- no public way in

    def scaled_sleep(seconds: float) -> None:
        execution = running_execution()
        if execution is None:
            sleep(seconds)
            return
        end = time.monotonic() + seconds
        while execution["status"] == "RUNNING" and (left := min(end, _deadline.get()) - time.monotonic()) > 0:
            time.sleep(min(left, _LOOK_SECONDS))
        if _deadline.get() <= end:
            raise stepfunctions._ExecutionError(_TIMEOUT, "")  # noqa: SLF001 -- no public way in

    stepfunctions._scaled_sleep = scaled_sleep  # noqa: SLF001 -- the same


def _fail_what_runs() -> None:
    fail = stepfunctions._fail_execution  # noqa: SLF001 -- no public way in

    def fail_execution(execution: dict[str, Any], error: str, cause: str) -> None:
        if execution["status"] != "RUNNING":
            return
        fail(execution, error, cause)
        if error == _TIMEOUT and _deadline.get() <= time.monotonic():
            execution["status"] = "TIMED_OUT"

    stepfunctions._fail_execution = fail_execution  # noqa: SLF001 -- the same


def _start_once() -> None:
    start = stepfunctions._start_execution  # noqa: SLF001 -- no public way in

    def start_execution(request: dict[str, Any]) -> Any:  # noqa: ANN401 -- ministack's
        for execution in _of(request.get("stateMachineArn", "")):
            again = execution["name"] == request.get("name") and execution["input"] == request.get("input", "{}")
            if again:
                return json_response({name: execution[name] for name in ("executionArn", "startDate")})
        return start(request)

    stepfunctions._start_execution = start_execution  # noqa: SLF001 -- the same


def _end_with_machine() -> None:
    handler = provisioners._RESOURCE_HANDLERS["AWS::StepFunctions::StateMachine"]  # noqa: SLF001 -- no public way in
    delete_of_stack: Callable[[str, Any], None] = handler["delete"]
    delete = stepfunctions._delete_state_machine  # noqa: SLF001 -- the same

    def delete_machine_of_stack(arn: str, properties: Any) -> None:  # noqa: ANN401 -- ministack's
        _stop_all(arn)
        delete_of_stack(arn, properties)

    def delete_machine(request: dict[str, Any]) -> Any:  # noqa: ANN401 -- ministack's
        _stop_all(request.get("stateMachineArn", ""))
        return delete(request)

    handler["delete"] = delete_machine_of_stack
    stepfunctions._delete_state_machine = delete_machine  # noqa: SLF001 -- the same


def _stop_all(machine: str) -> None:
    for execution in _of(machine):
        stepfunctions._stop_execution({"executionArn": execution["executionArn"]})  # noqa: SLF001 -- no public way in


def _of(machine: str) -> Iterator[dict[str, Any]]:
    """Go through the executions of a machine that run."""
    for execution in [*stepfunctions._executions.values()]:  # noqa: SLF001 -- no public way in
        if execution["stateMachineArn"] == machine and execution["status"] == "RUNNING":
            yield execution
