"""What CloudWatch knows of a model's batch inference: all jobs of the model in a Region count together.

https://docs.aws.amazon.com/bedrock/latest/userguide/monitoring.html
"""

from __future__ import annotations

from aws_cdk import Duration

from cdk_bedrock_batch._cdk.large_modules import cloudwatch

PENDING = "NumberOfRecordsPendingProcessing"
INPUT_TOKENS = "NumberOfInputTokensProcessedPerMinute"
OUTPUT_TOKENS = "NumberOfOutputTokensProcessedPerMinute"


def model_metric(
    model_id: str, metric_name: str, *, statistic: str = "Maximum", period: Duration | None = None
) -> cloudwatch.Metric:
    """Return a metric of the namespace ``AWS/Bedrock/Batch``; the period's default is 5 minutes."""
    return cloudwatch.Metric(
        namespace="AWS/Bedrock/Batch",
        metric_name=metric_name,
        dimensions_map={"ModelId": model_id},
        statistic=statistic,
        period=period or Duration.minutes(5),
    )


def model_widget(model_id: str, *, title: str | None, width: int, height: int) -> cloudwatch.GraphWidget:
    """Return a graph for a dashboard: the records that wait for a model, and the tokens that it processes."""
    return cloudwatch.GraphWidget(
        title=title or f"Batch inference with {model_id}",
        left=[model_metric(model_id, PENDING)],
        right=[model_metric(model_id, INPUT_TOKENS), model_metric(model_id, OUTPUT_TOKENS)],
        width=width,
        height=height,
    )
