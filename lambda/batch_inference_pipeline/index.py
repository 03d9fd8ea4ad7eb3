"""The entry points of the pipeline's functions: the state machine's orders and events in, clients made when needed."""

import json
import os
from collections.abc import Mapping
from typing import Any

from batch_inference_pipeline.data_parts import DataParts
from batch_inference_pipeline.errors import BadInputError
from batch_inference_pipeline.parts import RunningParts
from batch_inference_pipeline.running.opening import run_name
from batch_inference_pipeline.running.order import Order
from model_invocation_job.clients import client
from model_invocation_job.clock import SystemClock
from model_invocation_job.logs import configure
from model_invocation_job.waiting.looking import reply

configure()

Event = Mapping[str, Any]

#: Seconds in which a model answers a record.
_ANSWER = 100


def jobs(event: Event, context: Any) -> dict[str, Any] | None:  # noqa: ANN401 (Lambda's context has no class)
    """Make a run's jobs, and tell who waits for them of their ends."""
    parts = RunningParts(client, SystemClock(), os.environ, context.invoked_function_arn)
    if event.get("source") == "aws.bedrock":
        parts.ending.of_event(event)
        return None
    if event.get("source") == "aws.states":
        return {"Unseen": _changed(parts, event)}
    if look := event.get("look"):
        return reply(event, parts.watching.look(look["Run"], look["Until"]))
    return _ORDERS[event["Step"]](parts, event)


def data(event: Event, context: Any) -> dict[str, Any]:  # noqa: ANN401, ARG001 (see `jobs`)
    """Cut what there is to ask, and gather what was answered."""
    parts = DataParts(client, SystemClock(), os.environ)
    steps = (parts.survey, parts.cut, parts.shards, parts.collect, parts.leftovers, parts.summarize)
    return {step.__name__: step for step in steps}[event["Step"]](event)


def demand(event: Event, context: Any) -> dict[str, Any]:  # noqa: ANN401 (see `jobs`)
    """Ask on demand what no job is made of."""
    seconds = context.get_remaining_time_in_millis() / 1000
    return DataParts(_asking_client, SystemClock(), os.environ).ask(event, seconds)


def _asking_client(service: str) -> Any:  # noqa: ANN401 (see `client`)
    """Make a client. One that asks a model waits for the answer, and asks once: whoever asks counts the tries."""
    return client(service, patience=_ANSWER, tries=1) if service == "bedrock-runtime" else client(service)


def _changed(parts: RunningParts, event: Event) -> int:
    """Stop the jobs of an execution that was stopped, or whose time is over: none of its own states runs then.

    One that goes on after that is looked at again. Returns how many there may yet be of which nothing is seen.
    """
    told = event["detail"]
    key = parts.key_of(run_name(told["name"], json.loads(told.get("input") or "{}")))
    execution, redrives = told["executionArn"], told.get("redriveCount")
    if told["status"] != "RUNNING":
        return 0 if _is_redriven(parts, execution, redrives) else _abandon(parts, execution, key)
    if redrives:
        parts.opening.go_on(key, execution, int(redrives))
    return 0


def _is_redriven(parts: RunningParts, execution: str, redrives: int | None) -> bool:
    """Whether an execution goes on since it ended, for what tells of that is late; a deployment counts no redrives."""
    return redrives is not None and parts.machines.redrives(execution) > redrives


def _abandon(parts: RunningParts, execution: str, key: str) -> int:
    run = parts.ledger.run(key)
    # Another execution may have gone on with it.
    return parts.watching.abandon(run) if run and run.execution == execution else 0


def _open(parts: RunningParts, event: Event) -> dict[str, Any]:
    return parts.opening.open(event["Execution"])


def _start(parts: RunningParts, event: Event) -> None:
    order = Order.of(parts.pipeline, event)
    if order.redrives:
        parts.opening.look_again(order.id.run, order.redrives)
    parts.starting.start(order)


def _give_up(parts: RunningParts, event: Event) -> dict[str, str]:
    execution = event["Execution"]
    try:
        key = parts.key_of(run_name(execution["Name"], execution["Input"]))
    except BadInputError as error:
        # Then no run has begun.
        return {"Error": type(error).__name__, "Cause": str(error)}
    why = parts.why(key, event["Failure"])
    _abandon(parts, execution["Id"], key)
    return why


def _close(parts: RunningParts, event: Event) -> None:
    if run := parts.ledger.run(parts.key_of(event["Run"])):
        parts.ledger.close(run)


_ORDERS = {"open": _open, "start": _start, "give-up": _give_up, "close": _close}
