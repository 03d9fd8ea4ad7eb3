"""The way of an execution through its states, which is remembered, so that a redrive can go on from where it ended.

ministack reads the machine's definition some time after the start, keeps no history of the children of a Map Run, lets
a state begin after its execution was stopped, and has no place to go on from. Seen in ministack 1.5.33.
https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html,
https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html
"""

from __future__ import annotations

import copy
import json
import logging
from typing import TYPE_CHECKING, Any

from ministack.core.responses import now_iso
from ministack.services import stepfunctions

from bedrock_local.emulator.machines.attempts import (
    Attempt,
    EndedError,
    Execution,
    current_attempt,
    running,
    running_attempt,
)
from bedrock_local.emulator.machines.data_limits import require_size

if TYPE_CHECKING:
    from collections.abc import Mapping

NEEDS = (
    "services.stepfunctions._add_event",
    "services.stepfunctions._apply_input_path",
    "services.stepfunctions._apply_output_path",
    "services.stepfunctions._execute_choice",
    "services.stepfunctions._execute_map",
    "services.stepfunctions._execute_parallel",
    "services.stepfunctions._execute_pass",
    "services.stepfunctions._execute_task",
    "services.stepfunctions._execute_wait",
    "services.stepfunctions._executions",
    "services.stepfunctions._ExecutionError",
    "services.stepfunctions._fail_state_error",
    "services.stepfunctions._run_execution",
    "services.stepfunctions._run_sub_machine",
    "services.stepfunctions._state_machines",
)

_RUNTIME = "States.Runtime"

State = dict[str, Any]
Context = dict[str, Any]

_logger = logging.getLogger(__name__)


def walk_through_states() -> None:
    """Walk through the states of executions, and of branches and iterations, in a way that ends with them."""
    stepfunctions._run_execution = _run_execution  # noqa: SLF001 -- no public way in
    stepfunctions._run_sub_machine = _run_sub_machine  # noqa: SLF001 -- the same


def prepare(execution: Execution, definition: Mapping[str, Any], machine: str, role: str) -> None:
    """Note what an execution goes by from its start on, whatever becomes of its machine.

    Parameters
    ----------
    execution
        As ministack keeps it.
    definition
        Of its machine, or what a Map Run does with an item.
    machine, role
        The machine's name, and the role of its executions.
    """
    given = json.loads(execution["input"])
    execution["_definition"] = copy.deepcopy({**definition})
    execution["_next"] = [definition.get("StartAt"), given]
    about = {"Input": given, "Name": execution["name"], "StartTime": execution["startDate"], "RoleArn": role}
    execution["_context"] = {
        "QueryLanguage": definition.get("QueryLanguage", "JSONPath"),
        "Execution": {"Id": execution["executionArn"], **about, "RedriveCount": 0},
        "StateMachine": {"Id": execution["stateMachineArn"], "Name": machine},
        "variables": {},
    }


def run(attempt: Attempt) -> None:
    """Run an execution from the state that comes next to its end.

    Parameters
    ----------
    attempt
        At the execution.
    """
    with running(attempt, attempt.execution["_definition"].get("TimeoutSeconds")):
        try:
            attempt.end("SUCCEEDED", output=json.dumps(_walk(attempt)))
        except EndedError:
            pass
        except stepfunctions._ExecutionError as error:  # noqa: SLF001 -- no public way in
            attempt.end("FAILED", error.error, error.cause)
        except Exception as error:
            _logger.exception("Unexpected error in execution %s", attempt.execution["executionArn"])
            attempt.end("FAILED", _RUNTIME, str(error))


def _run_execution(arn: str) -> None:
    execution = stepfunctions._executions.get(arn)  # noqa: SLF001 -- no public way in
    machine = execution and stepfunctions._state_machines.get(execution["stateMachineArn"])  # noqa: SLF001 -- the same
    attempt = running_attempt(execution) if machine else None
    if attempt is None:
        return
    try:
        prepare(execution, json.loads(machine["definition"]), machine["name"], machine["roleArn"])
    except ValueError as error:
        attempt.end("FAILED", _RUNTIME, str(error))
        return
    run(attempt)


def _walk(attempt: Attempt) -> Any:  # noqa: ANN401 -- any JSON
    execution, context = attempt.execution, attempt.execution["_context"]
    name, given = execution["_next"]
    # A state in which the execution ended before goes on; it is not entered again.
    has_entered = execution.get("_has_entered", False)
    while name:
        attempt.require_running()
        state = _state(execution["_definition"]["States"], name)
        if not has_entered:
            _note(execution, f"{state['Type']}StateEntered", name, input=json.dumps(given))
        execution.update(_next=[name, given], _has_entered=True)
        given, following = _step(name, state, given, execution, context)
        attempt.require_running()
        require_size(given, f"The state/task '{name}'")
        _note(execution, f"{state['Type']}StateExited", name, output=json.dumps(given))
        name, has_entered = following, False
        # A Map Run that has been caught, or been skipped by a redrive, is over for good.
        for over in ("_map_run", "_redriven_map_run"):
            execution.pop(over, None)
        execution.update(_next=[name, given], _has_entered=False)
    return given


def _run_sub_machine(
    states: Mapping[str, State],
    name: str | None,
    given: Any,  # noqa: ANN401 -- any JSON
    execution: Execution,
    context: Context,
) -> Any:  # noqa: ANN401 -- any JSON
    given, attempt = copy.deepcopy(given), current_attempt()
    while name:
        if attempt:
            attempt.require_running()
        given, name = _step(name, _state(states, name), given, execution, context)
    return given


def _state(states: Mapping[str, State], name: str) -> State:
    if name not in states:
        raise stepfunctions._ExecutionError(_RUNTIME, f"State '{name}' not found in definition")  # noqa: SLF001 -- no public way in
    return states[name]


def _step(
    name: str,
    state: State,
    given: Any,  # noqa: ANN401 -- any JSON
    execution: Execution,
    context: Context,
) -> tuple[Any, str | None]:
    context["State"] = {"Name": name, "EnteredTime": now_iso(), "RetryCount": 0}
    kind = state["Type"]
    if kind == "Succeed":
        taken = stepfunctions._apply_input_path(state, given, context)  # noqa: SLF001 -- no public way in
        return stepfunctions._apply_output_path(state, taken, context), None  # noqa: SLF001 -- the same
    if kind == "Fail":
        raise stepfunctions._ExecutionError(*stepfunctions._fail_state_error(state, given, context))  # noqa: SLF001 -- the same
    short = {
        "Pass": stepfunctions._execute_pass,  # noqa: SLF001 -- the same
        "Choice": stepfunctions._execute_choice,  # noqa: SLF001 -- the same
        "Wait": stepfunctions._execute_wait,  # noqa: SLF001 -- the same
    }
    long = {
        "Task": stepfunctions._execute_task,  # noqa: SLF001 -- the same
        "Parallel": stepfunctions._execute_parallel,  # noqa: SLF001 -- the same
        "Map": stepfunctions._execute_map,  # noqa: SLF001 -- the same
    }
    done: tuple[Any, str | None]
    done = short[kind](state, given, context) if kind in short else long[kind](state, given, execution, context)
    return done


def _note(execution: Execution, kind: str, name: str, **more: str) -> None:
    details = {f"state{kind.rpartition('State')[2]}EventDetails": {"name": name, **more}}
    stepfunctions._add_event(execution, kind, details)  # noqa: SLF001 -- no public way in
