"""A log group as the target of a rule, which ministack takes and forgets. Seen in ministack 1.5.33.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html
"""

import json
from typing import Any

from ministack.services import cloudwatch_logs, eventbridge

from bedrock_local.names.arn import Arn

NEEDS = (
    "services.eventbridge._invoke_target",
    "services.eventbridge._pattern_event_view",
    "services.cloudwatch_logs._create_log_stream",
    "services.cloudwatch_logs._put_log_events",
)

Target = dict[str, Any]
Rule = dict[str, Any]


def deliver_to_log_groups() -> None:
    """Let a rule write events to a log group."""
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
    target = Arn.find(arn)
    is_group = target is not None and target.service == "logs"
    return target.resource.removeprefix("log-group:").removesuffix(":*") if target and is_group else None


def _log(group: str, stream: str, message: str) -> None:
    where = {"logGroupName": group, "logStreamName": stream}
    # It answers with an error that it is there already, or that there is no such group: then so does the next line.
    cloudwatch_logs._create_log_stream(where)  # noqa: SLF001 -- no public way in
    cloudwatch_logs._put_log_events({**where, "logEvents": [{"message": message}]})  # noqa: SLF001 -- the same
