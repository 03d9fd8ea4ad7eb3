"""An alarm on an expression of several metrics, which ministack's CloudFormation refuses. Seen in ministack 1.5.33.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudwatch-alarm.html
"""

from typing import Any

from ministack.services.cloudformation import provisioners

NEEDS = ("services.cloudformation.provisioners._cw_metric_alarm_record",)


def keep_math_alarms() -> None:
    """Let a stack have such an alarm. Its state never changes."""
    make = provisioners._cw_metric_alarm_record  # noqa: SLF001 -- no public way in

    def make_record(name: str, props: dict[str, Any]) -> dict[str, Any]:
        if not props.get("Metrics"):
            record: dict[str, Any] = make(name, props)
            return record
        single = {**props, "Metrics": None, "MetricName": "none", "Namespace": "none"}
        # Without a name there is nothing that ministack would look at.
        return {**make(name, single), "MetricName": "", "Namespace": "", "Metrics": props["Metrics"]}

    provisioners._cw_metric_alarm_record = make_record  # noqa: SLF001 -- no public way in
