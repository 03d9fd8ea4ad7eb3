"""A Task: each try has a token and a time of its own, its result has a limit, and it ends with its execution.

ministack gives all tries the same token, knows no time that the input tells, and waits for a call to its end.
Seen in ministack 1.5.33. https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html,
https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html
"""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

from ministack.core.responses import get_region, new_uuid
from ministack.services import stepfunctions

from bedrock_local.emulator.machines.data_limits import require_size
from bedrock_local.emulator.machines.results import leave
from bedrock_local.emulator.machines.task_tokens import WAITS, wait_for_token
from bedrock_local.emulator.machines.waits import call
from bedrock_local.names.arn import Arn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bedrock_local.emulator.machines.attempts import Execution
    from bedrock_local.emulator.machines.walks import Context, State

NEEDS = (
    "services.stepfunctions._add_event",
    "services.stepfunctions._apply_input_path",
    "services.stepfunctions._apply_jsonata_arguments",
    "services.stepfunctions._apply_parameters",
    "services.stepfunctions._execute_task",
    "services.stepfunctions._ExecutionError",
    "services.stepfunctions._invoke_resource",
    "services.stepfunctions._resolve_path_or_ctx",
    "services.stepfunctions._state_query_language",
    "services.stepfunctions._with_retry_and_catch",
)

_TIMEOUTS = {"States.Timeout", "States.HeartbeatTimeout"}

Left = tuple[Any, "str | None"]


def run_tasks() -> None:
    """Run a Task as often as its Retry says."""
    stepfunctions._execute_task = _execute_task  # noqa: SLF001 -- no public way in


def _execute_task(state: State, given: Any, execution: Execution, context: Context) -> Left:  # noqa: ANN401 -- any JSON
    def attempt() -> Left:
        return _try(state, given, execution, context)

    left: Left = stepfunctions._with_retry_and_catch(state, given, context, attempt)  # noqa: SLF001 -- no public way in
    return left


def _try(state: State, given: Any, execution: Execution, context: Context) -> Left:  # noqa: ANN401 -- any JSON
    context["Task"] = {"Token": new_uuid()}
    asked = _asked(state, given, context)
    about = _about(state["Resource"])
    timeout, heartbeat = (_seconds(state, name, given, context) for name in ("TimeoutSeconds", "HeartbeatSeconds"))
    _note(execution, "TaskScheduled", about, region=get_region(), parameters=json.dumps(asked))
    try:
        result = _call(state["Resource"], asked, context["Task"]["Token"], timeout, heartbeat)
        require_size(result, f"The state/task '{state['Resource']}'")
    except stepfunctions._ExecutionError as error:  # noqa: SLF001 -- no public way in
        kind = "TaskTimedOut" if error.error in _TIMEOUTS else "TaskFailed"
        _note(execution, kind, about, error=error.error, cause=error.cause)
        raise
    _note(execution, "TaskSucceeded", about, output=json.dumps(result))
    return leave(state, given, result, context)


def _asked(state: State, given: Any, context: Context) -> Any:  # noqa: ANN401 -- any JSON
    if stepfunctions._state_query_language(state, context) == "JSONata":  # noqa: SLF001 -- no public way in
        return stepfunctions._apply_jsonata_arguments(state, given, context)  # noqa: SLF001 -- the same
    taken = stepfunctions._apply_input_path(state, given, context)  # noqa: SLF001 -- the same
    return stepfunctions._apply_parameters(state, taken, context)  # noqa: SLF001 -- the same


def _call(
    resource: str,
    asked: Any,  # noqa: ANN401 -- any JSON
    token: str,
    timeout: float | None,
    heartbeat: float | None,
) -> Any:  # noqa: ANN401 -- any JSON
    if resource.endswith(WAITS):
        return wait_for_token(resource, asked, token, timeout, heartbeat)
    # The time of an activity begins when somebody takes it.
    most = None if ":activity:" in resource else timeout
    outcome = call(partial(stepfunctions._invoke_resource, resource, asked), most)  # noqa: SLF001 -- no public way in
    if not outcome.done():
        raise stepfunctions._ExecutionError("States.Timeout", "")  # noqa: SLF001 -- the same
    return outcome.result()


def _seconds(state: State, name: str, given: Any, context: Context) -> float | None:  # noqa: ANN401 -- any JSON
    path = state.get(f"{name}Path")
    seconds = stepfunctions._resolve_path_or_ctx(path, given, context) if path else state.get(name)  # noqa: SLF001 -- no public way in
    return None if seconds is None else float(seconds)


def _about(resource: str) -> Mapping[str, str]:
    called = Arn.find(resource)
    if called and called.service == "states" and not called.account:
        kind, _, name = called.resource.rpartition(":")
        return {"resourceType": kind, "resource": name}
    return {"resourceType": "lambda", "resource": resource}


def _note(execution: Execution, kind: str, about: Mapping[str, str], **more: str) -> None:
    details = {f"{kind[0].lower()}{kind[1:]}EventDetails": {**about, **more}}
    stepfunctions._add_event(execution, kind, details)  # noqa: SLF001 -- no public way in
