"""The event of a status that has changed: which executions can be redriven, and how often each was.

For ministack a failed one can alone, and none ever was. Seen in ministack 1.5.33.
https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ministack.services import eventbridge, stepfunctions

from bedrock_local.emulator.machines.redrives import redrive_details

if TYPE_CHECKING:
    from bedrock_local.emulator.machines.attempts import Execution

NEEDS = (
    "services.eventbridge._put_events",
    "services.stepfunctions._emit_execution_status_event",
    "services.stepfunctions._iso_to_epoch_ms",
    "services.stepfunctions._STATUS_EVENT_PAYLOAD_CAP",
)

_DATES = ("startDate", "stopDate", "redriveDate")


def tell_of_redrives() -> None:
    """Tell EventBridge of a status as Step Functions does."""
    stepfunctions._emit_execution_status_event = _emit  # noqa: SLF001 -- no public way in


def _emit(execution: Execution) -> None:
    # Express ones have no such events; nothing tells of children of Map Runs that they have.
    if execution.get("sync") or "mapRunArn" in execution:
        return
    names = ("executionArn", "stateMachineArn", "name", "status", "error", "cause")
    detail = {
        **{name: execution.get(name) for name in names},
        **_payload("input", execution["input"]),
        **_payload("output", execution.get("output")),
        "stateMachineVersionArn": None,
        "stateMachineAliasArn": None,
        "redriveStatusReason": None,
        **redrive_details(execution),
        **{name: stepfunctions._iso_to_epoch_ms(execution.get(name)) for name in _DATES},  # noqa: SLF001 -- no public way in
    }
    entry = {
        "Source": "aws.states",
        "DetailType": "Step Functions Execution Status Change",
        "Detail": json.dumps(detail),
        "Resources": [execution["executionArn"]],
    }
    eventbridge._put_events({"Entries": [entry]}, allow_aws_source=True)  # noqa: SLF001 -- the same


def _payload(name: str, text: str | None) -> dict[str, Any]:
    """Leave out what is too long for an event."""
    if text is None:
        return {name: None, f"{name}Details": None}
    fits = len(text) <= stepfunctions._STATUS_EVENT_PAYLOAD_CAP  # noqa: SLF001 -- no public way in
    return {name: text if fits else None, f"{name}Details": {"included": fits}}
