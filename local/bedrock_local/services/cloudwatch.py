"""The emulator's CloudWatch: what AWS's own services measure, and alarms on it.

One of the modules that know ministack; see `bedrock_local.application`.
"""

import types
from collections.abc import Mapping
from typing import Any

from ministack.core.responses import request_scope
from ministack.services import cloudwatch
from ministack.services.cloudformation import provisioners

from bedrock_local.bedrock.signals.metrics import NAMESPACE
from bedrock_local.names.place import Place


def record(namespace: str, values: Mapping[str, float], dimensions: Mapping[str, str], unit: str) -> None:
    """Record a data point for each metric, in the account and Region of the present request, and look at the alarms.

    Parameters
    ----------
    namespace
        AWS's own: ``AWS/Events``.
    values
        By the metric's name.
    dimensions
        Of all of them.
    unit
        As in PutMetricData.
    """
    for name, value in values.items():
        cloudwatch.record_metric(namespace, name, value, unit, dict(dimensions))
    cloudwatch._evaluate_all_alarms()  # noqa: SLF001 -- only PutMetricData does


def record_batch_inference(place: Place, model_id: str, values: Mapping[str, float]) -> None:
    """Record the metrics of batch inference with a model.

    Parameters
    ----------
    place
        The account and Region.
    model_id
        The ``ModelId`` dimension.
    values
        By the metric's name.
    """
    with request_scope(place.account, place.region):
        record(NAMESPACE, values, {"ModelId": model_id}, "Count")


def keep_math_alarms() -> None:
    """Let a stack have an alarm on an expression of several metrics, which ministack refuses. Its state never changes.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudwatch-alarm.html
    """
    make = provisioners._cw_metric_alarm_record  # noqa: SLF001 -- no public way in

    def make_record(name: str, props: dict[str, Any]) -> dict[str, Any]:
        if not props.get("Metrics"):
            record: dict[str, Any] = make(name, props)
            return record
        single = {**props, "Metrics": None, "MetricName": "none", "Namespace": "none"}
        # Without a name there is nothing that ministack would look at.
        return {**make(name, single), "MetricName": "", "Namespace": "", "Metrics": props["Metrics"]}

    provisioners._cw_metric_alarm_record = make_record  # noqa: SLF001 -- no public way in


def heed_dimensions() -> None:
    """Let an alarm look at the metric with its own dimensions only; ministack takes all of the same name together."""
    evaluate = cloudwatch._evaluate_alarm  # noqa: SLF001 -- no public way in

    def evaluate_alarm(alarm: dict[str, Any]) -> None:
        key = cloudwatch._dims_key(cloudwatch._dims_from_list(alarm.get("Dimensions") or []))  # noqa: SLF001 -- the same
        metric = (alarm.get("Namespace"), alarm.get("MetricName"), key)
        points = cloudwatch._metrics.get(metric, [])  # noqa: SLF001 -- the same
        # The very same function, which finds nothing but this metric.
        names = {**evaluate.__globals__, "_metrics": {metric: points}}
        types.FunctionType(evaluate.__code__, names)(alarm)

    cloudwatch._evaluate_alarm = evaluate_alarm  # noqa: SLF001 -- no public way in
