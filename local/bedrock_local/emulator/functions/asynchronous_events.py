"""Lambda's queue of asynchronous events.

An event that is throttled stays in it, and counts as no attempt; one that has become too old is not tried. ministack
takes a throttled event for a failed one, tries every event at once however old, and runs the function on failure
beside the queue. Seen in ministack 1.5.33.
https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
"""

from __future__ import annotations

import random
import time
from contextvars import copy_context
from threading import Thread
from typing import TYPE_CHECKING, Any

from ministack.services import lambda_svc

from bedrock_local.names.arn import Arn

if TYPE_CHECKING:
    from collections.abc import Mapping

NEEDS = (
    "services.lambda_svc.invoke_async_with_retry",
    "services.lambda_svc._execute_function",
    "services.lambda_svc._run_with_function_config_scope",
    "services.lambda_svc._route_async_failure",
    "services.lambda_svc._get_func_record_for_ref",
    "services.lambda_svc._execution_record_for_config",
)

#: Lambda's own are a second to five minutes for what is throttled, a minute and two for what has failed.
_THROTTLED_SECONDS = (0.2, 5.0)
_FAILED_SECONDS = (1.0, 30.0)
_SIX_HOURS = 6 * 60 * 60
_MOST_RETRIES = 2

Record = dict[str, Any]


def queue_events() -> None:
    """Keep asynchronous events until they can be run, have failed, or are too old."""
    route = lambda_svc._route_async_failure  # noqa: SLF001 -- no public way in

    def invoke_async(function: Record, event: Any) -> None:  # noqa: ANN401 -- any JSON
        run = lambda_svc._run_with_function_config_scope  # noqa: SLF001 -- no public way in
        Thread(target=copy_context().run, args=(run, function, _Event(function, event).run), daemon=True).start()

    def route_async_failure(target: str, name: str, event: Any, result: Record) -> None:  # noqa: ANN401 -- the same
        found = Arn.find(target)
        record = found and found.service == "lambda" and record_of(target)
        if record:
            invoke_async(record, _envelope(name, event, result))
        else:
            route(target, name, event, result)

    lambda_svc.invoke_async_with_retry, lambda_svc._route_async_failure = invoke_async, route_async_failure  # noqa: SLF001 -- the same


def record_of(function: str) -> Record | None:
    """Return what ministack runs of a function, by its ARN or name; None if there is none."""
    found, config, _ = lambda_svc._get_func_record_for_ref(function)  # noqa: SLF001 -- no public way in
    if not (found and config):
        return None
    record: Record = lambda_svc._execution_record_for_config(found, config)  # noqa: SLF001 -- the same
    return record


def _envelope(name: str, event: Any, result: Record) -> Record:  # noqa: ANN401 -- any JSON
    """Describe an event that was given up to the function on failure."""
    record = record_of(name) or {}
    context = {
        "functionArn": f"{record.get('config', {}).get('FunctionArn', '')}:$LATEST",
        "condition": result.get("condition", "RetriesExhausted"),
        "approximateInvokeCount": result.get("attempts", 1),
    }
    told = {"requestContext": context, "requestPayload": event}
    if "body" not in result:
        return told
    error = {"statusCode": 200, "functionError": result.get("function_error") or "Unhandled"}
    return {**told, "responseContext": error, "responsePayload": result["body"]}


class _Event:
    """One event in the queue."""

    def __init__(self, function: Record, event: Any) -> None:  # noqa: ANN401 -- any JSON
        self._function, self._event = function, event
        self._config: Mapping[str, Any] = function.get("config") or function
        options = function.get("event_invoke_config") or (function.get("event_invoke_configs") or {}).get("$LATEST")
        self._options: Mapping[str, Any] = options or {}
        self._since = time.monotonic()
        self._attempts = self._throttled = 0
        self._last: Record = {}

    def run(self) -> None:
        """Try it until it has succeeded, or is given up."""
        most = self._options.get("MaximumRetryAttempts")
        attempts = 1 + (_MOST_RETRIES if most is None else int(most))
        while self._attempts < attempts:
            if self._is_too_old():
                self._give_up("EventAgeExceeded")
                return
            result: Record = lambda_svc._execute_function(self._function, self._event)  # noqa: SLF001 -- no public way in
            if not result.get("error"):
                return
            if result.get("throttle"):
                # Else those that were throttled together would come again together, and most of them in vain.
                self._wait(_THROTTLED_SECONDS, self._throttled, random.uniform(0.5, 1))  # noqa: S311 -- no secret
                self._throttled += 1
                continue
            self._last = result
            self._attempts += 1
            if self._attempts < attempts:
                self._wait(_FAILED_SECONDS, self._attempts - 1)
        self._give_up("RetriesExhausted")

    def _is_too_old(self) -> bool:
        return time.monotonic() - self._since > float(self._options.get("MaximumEventAgeInSeconds") or _SIX_HOURS)

    @staticmethod
    def _wait(bounds: tuple[float, float], times: int, share: float = 1) -> None:
        first, longest = bounds
        time.sleep(min(first * 2**times, longest) * share)

    def _give_up(self, condition: str) -> None:
        on_failure = (self._options.get("DestinationConfig") or {}).get("OnFailure") or {}
        target = on_failure.get("Destination") or (self._config.get("DeadLetterConfig") or {}).get("TargetArn")
        if target:
            result = {**self._last, "condition": condition, "attempts": self._attempts}
            lambda_svc._route_async_failure(target, self._config["FunctionName"], self._event, result)  # noqa: SLF001 -- no public way in
