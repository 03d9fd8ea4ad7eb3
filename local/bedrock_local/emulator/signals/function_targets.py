"""A function as the target of a rule: invoked asynchronously, and only if its policy lets EventBridge do so.

ministack asks no policy, and an event that the function fails for, or is throttled with, is lost.
Seen in ministack 1.5.33.
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-lambda-permissions
"""

import json
from typing import Any

from ministack.services import eventbridge, lambda_svc

from bedrock_local.emulator.functions.asynchronous_events import record_of
from bedrock_local.names.arn import Arn
from bedrock_local.names.place import Place
from bedrock_local.services.trust import is_let

NEEDS = (
    "services.eventbridge._invoke_target",
    "services.eventbridge._dispatch_to_lambda",
)

_PRINCIPAL = "events.amazonaws.com"

Target = dict[str, Any]
Rule = dict[str, Any]


def ask_policies_of_functions() -> None:
    """Let a rule invoke a function that lets it."""
    invoke = eventbridge._invoke_target  # noqa: SLF001 -- no public way in

    def invoke_target(target: Target, event: dict[str, Any], rule: Rule, view: Any = None) -> None:  # noqa: ANN401 -- ministack's
        arn = Arn.find(target.get("Arn", ""))
        if arn is None or arn.service != "lambda" or _may(rule["Arn"], str(arn)):
            invoke(target, event, rule, view)

    eventbridge._invoke_target, eventbridge._dispatch_to_lambda = invoke_target, _dispatch  # noqa: SLF001 -- the same


def _may(rule: str, function: str) -> bool:
    policy, _ = lambda_svc.function_policy_for_arn(function) or (None, None)
    return bool(policy) and is_let(policy, _PRINCIPAL, "lambda:InvokeFunction", function, rule, Place.of(function))


def _dispatch(function: str, payload: str) -> None:
    if record := record_of(function):
        lambda_svc.invoke_async_with_retry(record, json.loads(payload))
