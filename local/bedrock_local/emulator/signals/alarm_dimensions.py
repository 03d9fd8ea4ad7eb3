"""The dimensions of an alarm: ministack takes all metrics of the same name together. Seen in ministack 1.5.33.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html#Dimension
"""

import types
from typing import Any

from ministack.services import cloudwatch

NEEDS = (
    "services.cloudwatch._evaluate_alarm",
    "services.cloudwatch._dims_key",
    "services.cloudwatch._dims_from_list",
    "services.cloudwatch._metrics",
)


def heed_dimensions() -> None:
    """Let an alarm look at the metric with its own dimensions only."""
    evaluate = cloudwatch._evaluate_alarm  # noqa: SLF001 -- no public way in

    def evaluate_alarm(alarm: dict[str, Any]) -> None:
        key = cloudwatch._dims_key(cloudwatch._dims_from_list(alarm.get("Dimensions") or []))  # noqa: SLF001 -- the same
        metric = (alarm.get("Namespace"), alarm.get("MetricName"), key)
        points = cloudwatch._metrics.get(metric, [])  # noqa: SLF001 -- the same
        # The very same function, which finds nothing but this metric.
        names = {**evaluate.__globals__, "_metrics": {metric: points}}
        types.FunctionType(evaluate.__code__, names)(alarm)

    cloudwatch._evaluate_alarm = evaluate_alarm  # noqa: SLF001 -- no public way in
