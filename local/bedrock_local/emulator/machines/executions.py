"""Executions of a machine that is deleted, and a name that is given again.

ministack lets executions of a machine that a stack deletes run on, and refuses a name again also with the input of the
execution that has it and runs. Seen in ministack 1.5.33.
https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html,
https://docs.aws.amazon.com/step-functions/latest/apireference/API_DeleteStateMachine.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ministack.core.responses import json_response
from ministack.services import stepfunctions
from ministack.services.cloudformation import provisioners

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NEEDS = (
    "services.stepfunctions._executions",
    "services.stepfunctions._start_execution",
    "services.stepfunctions._stop_execution",
    "services.stepfunctions._delete_state_machine",
    "services.cloudformation.provisioners._RESOURCE_HANDLERS",
)


def end_executions() -> None:
    """End executions with their machine, and start none twice."""
    _start_once()
    _end_with_machine()


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
