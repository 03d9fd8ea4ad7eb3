"""CloudWatch: what AWS's own services measure."""

from collections.abc import Mapping

from ministack.core.responses import request_scope
from ministack.services import cloudwatch

from bedrock_local.bedrock.signals.metrics import NAMESPACE
from bedrock_local.names.place import Place

NEEDS = (
    "services.cloudwatch._evaluate_all_alarms",
    "services.cloudwatch._metric_bucket",
    "services.cloudwatch._dims_key",
)

# Of each metric, the latest: ministack forgets old ones only while somebody puts others.
_KEPT_POINTS = 10_000


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
        key = namespace, name, cloudwatch._dims_key(dict(dimensions))  # noqa: SLF001 -- no public way in
        del cloudwatch._metric_bucket(key)[:-_KEPT_POINTS]  # noqa: SLF001 -- the same
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
