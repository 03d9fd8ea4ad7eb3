"""An alarm that goes off when something is counted, and stays quiet while nothing is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdk_bedrock_batch._api.validation import check_duration
from cdk_bedrock_batch._cdk.large_modules import cloudwatch

if TYPE_CHECKING:
    from aws_cdk import Duration
    from constructs import Construct


def hours_of_alarm(after: Duration, most: int) -> int:
    """Return the hours after which an alarm goes off.

    Raises
    ------
    ValueError
        They are no duration that is known, not whole, none, or more than these.
    """
    check_duration("after", after, "Duration.hours(30)")
    hours = after.to_hours(integral=False)
    if hours not in range(1, most + 1):
        raise ValueError(f"'after' must be 1 to {most} whole hours, got {hours:g} hours")
    return int(hours)


def alarm_on(  # noqa: PLR0917 (what an alarm is made of)
    scope: Construct, id: str, metric: cloudwatch.IMetric, periods: int, alarm_name: str | None, description: str
) -> cloudwatch.Alarm:
    """Make an alarm that goes off when a metric is at least 1 in so many periods."""
    return cloudwatch.Alarm(
        scope,
        id,
        metric=metric,
        threshold=1,
        evaluation_periods=periods,
        comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        alarm_name=alarm_name,
        alarm_description=description,
    )
