"""The metrics of rules, which EventBridge counts and ministack does not. Seen in ministack 1.5.33.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
"""

from typing import Any

from ministack.services import eventbridge

from bedrock_local.services import cloudwatch

NEEDS = (
    "services.eventbridge._matches_pattern_view",
    "services.eventbridge._invoke_target",
    "services.eventbridge._targets",
)

Target = dict[str, Any]
Rule = dict[str, Any]

_NAMESPACE = "AWS/Events"
_DEFAULT_BUS = "default"
# How ministack names a rule while it matches an event with it.
_OWNER_PREFIX = "rule "
#: Whether a match of a rule counts that has no targets; nobody says so of EventBridge.
_untargeted = {"counted": False}


def count_untargeted(*, counted: bool) -> None:
    """Let the matches of rules without targets count, or not."""
    _untargeted["counted"] = counted


def count_in_cloudwatch() -> None:
    """Record what rules match and invoke.

    ``MatchedEvents`` and ``TriggeredRules`` count a match; ``Invocations`` counts each target.
    """
    matches = eventbridge._matches_pattern_view  # noqa: SLF001 -- no public way in
    invoke = eventbridge._invoke_target  # noqa: SLF001 -- no public way in

    def matches_pattern_view(pattern: str, view: Any, owner: str = "rule") -> bool:  # noqa: ANN401 -- ministack's
        matched: bool = matches(pattern, view, owner)
        if matched and owner.startswith(_OWNER_PREFIX):
            key = owner.removeprefix(_OWNER_PREFIX)
            bus, _, name = key.partition("|")
            if _untargeted["counted"] or eventbridge._targets.get(key):  # noqa: SLF001 -- no public way in
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
