"""The emulator's EventBridge: events of Bedrock go in, and rules do what they do in AWS and do not in ministack.

One of the modules that know ministack; see `bedrock_local.application`.
"""

import json
from typing import Any

from ministack.core.arn import ArnParseError, parse_arn
from ministack.core.responses import request_scope
from ministack.services import cloudwatch_logs, eventbridge

from bedrock_local.bedrock.signals.events import DETAIL_TYPE, SOURCE, Event
from bedrock_local.services import cloudwatch

Target = dict[str, Any]
Rule = dict[str, Any]

_NAMESPACE = "AWS/Events"
_DEFAULT_BUS = "default"
# How ministack names a rule while it matches an event with it.
_OWNER_PREFIX = "rule "


def put(event: Event) -> None:
    """Put an event on the default bus of its account and Region, as the service itself.

    Parameters
    ----------
    event
        The event.
    """
    entry = {
        "Source": SOURCE,
        "DetailType": DETAIL_TYPE,
        "Resources": [event.resource],
        "Detail": event.detail,
    }
    with request_scope(event.place.account, event.place.region):
        # Over HTTP nobody may send events of AWS's own sources.
        eventbridge._put_events({"Entries": [entry]}, allow_aws_source=True)  # noqa: SLF001 -- see above


def deliver_to_log_groups() -> None:
    """Let a rule write events to a log group; ministack takes such a target and forgets it.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html
    """
    invoke = eventbridge._invoke_target  # noqa: SLF001 -- no public way in

    def invoke_target(target: Target, event: dict[str, Any], rule: Rule, view: Any = None) -> None:  # noqa: ANN401 -- ministack's
        group = _log_group(target.get("Arn", ""))
        if group is None:
            invoke(target, event, rule, view)
            return
        view = view or eventbridge._pattern_event_view(event)  # noqa: SLF001 -- no public way in
        _log(group, rule["Name"], target.get("Input") or json.dumps(view.event_with_detail()))

    eventbridge._invoke_target = invoke_target  # noqa: SLF001 -- no public way in


def _log_group(arn: str) -> str | None:
    try:
        spec = parse_arn(arn)
    except ArnParseError:
        return None
    return spec.resource.removeprefix("log-group:").removesuffix(":*") if spec.service == "logs" else None


def _log(group: str, stream: str, message: str) -> None:
    where = {"logGroupName": group, "logStreamName": stream}
    # It answers with an error that it is there already, or that there is no such group: then so does the next line.
    cloudwatch_logs._create_log_stream(where)  # noqa: SLF001 -- no public way in
    cloudwatch_logs._put_log_events({**where, "logEvents": [{"message": message}]})  # noqa: SLF001 -- the same


def count_in_cloudwatch() -> None:
    """Record what rules match and invoke, as EventBridge does and ministack does not.

    ``MatchedEvents`` and ``TriggeredRules`` count a match, whether the rule has targets or not; ``Invocations`` counts
    each target. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
    """
    matches = eventbridge._matches_pattern_view  # noqa: SLF001 -- no public way in
    invoke = eventbridge._invoke_target  # noqa: SLF001 -- no public way in

    def matches_pattern_view(pattern: str, view: Any, owner: str = "rule") -> bool:  # noqa: ANN401 -- ministack's
        matched: bool = matches(pattern, view, owner)
        if matched and owner.startswith(_OWNER_PREFIX):
            bus, _, name = owner.removeprefix(_OWNER_PREFIX).partition("|")
            _count(bus, name, "MatchedEvents", "TriggeredRules")
        return matched

    def invoke_target(target: Target, event: dict[str, Any], rule: Rule, view: Any = None) -> None:  # noqa: ANN401 -- ministack's
        invoke(target, event, rule, view)
        _count(rule.get("EventBusName", _DEFAULT_BUS), rule["Name"], "Invocations")

    eventbridge._matches_pattern_view = matches_pattern_view  # noqa: SLF001 -- no public way in
    eventbridge._invoke_target = invoke_target  # noqa: SLF001 -- no public way in


def _count(bus: str, rule: str, *metrics: str) -> None:
    dimensions = {"RuleName": rule}
    if bus != _DEFAULT_BUS:
        dimensions["EventBusName"] = bus
    cloudwatch.record(_NAMESPACE, dict.fromkeys(metrics, 1.0), dimensions, "Count")
