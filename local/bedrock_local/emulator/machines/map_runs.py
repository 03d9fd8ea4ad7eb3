"""The Map Run of a Distributed Map: its children end with it, or with what it tolerates, and go on with a redrive.

ministack runs all items whatever has failed and although the execution was stopped, reads none of the paths that tell
how many at once and how many failures, gives children their parent's context object, asks no role, and overlooks
``ItemBatcher`` and ``ResultWriter``. Seen in ministack 1.5.33.
https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html,
https://docs.aws.amazon.com/step-functions/latest/dg/redrive-map-run.html,
https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ministack.core.responses import new_uuid, now_iso
from ministack.services import stepfunctions

from bedrock_local.emulator.machines.attempts import STATUS, EndedError, current_attempt
from bedrock_local.emulator.machines.children import Children
from bedrock_local.emulator.machines.data_limits import require_size
from bedrock_local.emulator.machines.results import leave
from bedrock_local.emulator.machines.roles import require_permission
from bedrock_local.names.arn import Arn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bedrock_local.emulator.machines.attempts import Execution
    from bedrock_local.emulator.machines.walks import Context, State

NEEDS = (
    "services.stepfunctions._add_event",
    "services.stepfunctions._ExecutionError",
    "services.stepfunctions._map_run_view",
    "services.stepfunctions._map_runs",
    "services.stepfunctions._read_map_items",
    "services.stepfunctions._resolve_params_obj",
    "services.stepfunctions._resolve_path_or_ctx",
    "services.stepfunctions._run_distributed_map",
)

_NOT_HERE = ("ItemBatcher", "Items", "ResultWriter")
_DENIED = "States.Runtime"
_EXCEEDED = ("States.ExceedToleratedFailureThreshold", "The specified tolerated failure threshold was exceeded")

MapRun = dict[str, Any]


def run_distributed_maps() -> None:
    """Run the items of a Distributed Map as executions that Step Functions would run."""
    stepfunctions._run_distributed_map = _run_distributed_map  # noqa: SLF001 -- no public way in
    view = stepfunctions._map_run_view  # noqa: SLF001 -- the same

    def map_run_view(run: MapRun) -> MapRun:
        counts = Children(run).counts()
        return {**view(run), "itemCounts": counts, "executionCounts": counts}

    stepfunctions._map_run_view = map_run_view  # noqa: SLF001 -- no public way in


def _run_distributed_map(  # noqa: PLR0917 -- ministack's signature
    state: State,
    given: Any,  # noqa: ANN401 -- any JSON
    taken: Any,  # noqa: ANN401 -- the same
    processor: Mapping[str, Any],
    execution: Execution,
    context: Context,
) -> tuple[Any, str | None]:
    for name in _NOT_HERE:
        if name in state:
            raise stepfunctions._ExecutionError(_DENIED, f"The local AWS has no {name} of a Map")  # noqa: SLF001 -- no public way in
    run = _redriven(execution) or _started(state, taken, processor, execution, context)
    execution["_map_run"] = run["mapRunArn"]
    results = _results(run, execution)
    del execution["_map_run"]
    require_size(results, f"The state/task '{context['State']['Name']}'")
    return leave(state, given, results, context)


def _results(run: MapRun, execution: Execution) -> list[Any]:
    attempt, children = current_attempt(), Children(run)
    if attempt is None:
        raise EndedError
    require_permission(execution, "states:DescribeExecution", execution["executionArn"], _DENIED)

    def abort() -> None:
        children.give_up()
        _end(run, execution, "ABORTED")

    with attempt.watched(abort):
        is_tolerated = children.run()
    attempt.require_running()
    if not is_tolerated:
        error, cause = _EXCEEDED
        _end(run, execution, "FAILED", mapRunFailedEventDetails={"error": error, "cause": cause})
        raise stepfunctions._ExecutionError(error, cause)  # noqa: SLF001 -- no public way in
    _end(run, execution, "SUCCEEDED")
    return children.results()


def _end(run: MapRun, execution: Execution, status: str, **details: Any) -> None:  # noqa: ANN401 -- any JSON
    with STATUS:
        if run["status"] == "RUNNING":
            run.update(status=status, stopDate=now_iso())
            stepfunctions._add_event(execution, f"MapRun{status.capitalize()}", details)  # noqa: SLF001 -- no public way in


def _redriven(execution: Execution) -> MapRun | None:
    """Find the Map Run that a redrive goes on with."""
    run: MapRun | None = stepfunctions._map_runs.get(execution.pop("_redriven_map_run", None))  # noqa: SLF001 -- no public way in
    if run is None:
        return None
    execution["_map_run"] = run["mapRunArn"]
    for child in Children(run).unsuccessful()[:1]:
        require_permission(execution, "states:RedriveExecution", child["executionArn"], _DENIED)
    run.update(status="RUNNING", redriveCount=run["redriveCount"] + 1, redriveDate=now_iso(), stopDate=None)
    about = {"mapRunArn": run["mapRunArn"], "redriveCount": run["redriveCount"]}
    stepfunctions._add_event(execution, "MapRunRedriven", {"mapRunRedrivenEventDetails": about})  # noqa: SLF001 -- no public way in
    return run


def _started(state: State, taken: Any, processor: Mapping[str, Any], execution: Execution, context: Context) -> MapRun:  # noqa: ANN401 -- any JSON
    machine = execution["stateMachineArn"]
    require_permission(execution, "states:StartExecution", machine, _DENIED)
    inputs, label = _inputs(state, taken, context), state.get("Label") or new_uuid()
    of = Arn.parse(f"{machine}/{label}:{new_uuid()}")
    run = {
        "mapRunArn": str(replace(of, resource=of.resource.replace("stateMachine", "mapRun", 1))),
        "executionArn": execution["executionArn"],
        "status": "RUNNING",
        "startDate": now_iso(),
        "maxConcurrency": int(_told(state, "MaxConcurrency", taken, context)),
        "toleratedFailurePercentage": float(_told(state, "ToleratedFailurePercentage", taken, context)),
        "toleratedFailureCount": int(_told(state, "ToleratedFailureCount", taken, context)),
        "redriveCount": 0,
        "_stateMachineArn": f"{machine}/{label}",
        "_role": context["Execution"]["RoleArn"],
        "_inputs": inputs,
        "_children": [None] * len(inputs),
        "_processor": {"QueryLanguage": context["QueryLanguage"], **processor},
    }
    stepfunctions._map_runs[run["mapRunArn"]] = run  # noqa: SLF001 -- no public way in
    about = {"mapRunStartedEventDetails": {"mapRunArn": run["mapRunArn"]}}
    stepfunctions._add_event(execution, "MapRunStarted", about)  # noqa: SLF001 -- the same
    return run


def _inputs(state: State, taken: Any, context: Context) -> list[str]:  # noqa: ANN401 -- any JSON
    """Make the input of each child."""
    if "ItemReader" in state:
        items = stepfunctions._read_map_items(state["ItemReader"], taken, context)  # noqa: SLF001 -- no public way in
    else:
        items = stepfunctions._resolve_path_or_ctx(state.get("ItemsPath", "$"), taken, context)  # noqa: SLF001 -- the same
    if not isinstance(items, list):
        told = f"The items of the Map '{context['State']['Name']}' are no array: {json.dumps(items)[:1000]}"
        raise stepfunctions._ExecutionError("States.Runtime", told)  # noqa: SLF001 -- the same
    selector, inputs = state.get("ItemSelector") or state.get("Parameters"), []
    for index, item in enumerate(items):
        about = {**context, "Map": {"Item": {"Index": index, "Value": item}}}
        selected = stepfunctions._resolve_params_obj(selector, taken, about) if selector else item  # noqa: SLF001 -- the same
        require_size(selected, f"The item {index} of the Map '{context['State']['Name']}'")
        inputs.append(json.dumps(selected))
    return inputs


def _told(state: State, name: str, taken: Any, context: Context) -> Any:  # noqa: ANN401 -- a number
    path = state.get(f"{name}Path")
    told = stepfunctions._resolve_path_or_ctx(path, taken, context) if path else state.get(name) or 0  # noqa: SLF001 -- no public way in
    if isinstance(told, bool) or not isinstance(told, int | float):
        raise stepfunctions._ExecutionError("States.Runtime", f"{name} must be a number, got {json.dumps(told)}")  # noqa: SLF001 -- the same
    return told
