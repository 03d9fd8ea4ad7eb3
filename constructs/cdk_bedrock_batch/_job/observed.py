"""A job that can be watched: its model's metrics, alarms, a widget for a dashboard.

CloudWatch knows models, not jobs: in the namespace ``AWS/Bedrock/Batch`` all jobs of one model in a Region count
together. Only the alarm for failures is this job's own.
"""

from __future__ import annotations

from abc import abstractmethod

from aws_cdk import Duration

from cdk_bedrock_batch._cdk.large_modules import cloudwatch
from cdk_bedrock_batch._function.ends import Heard
from cdk_bedrock_batch._function.provider import Provider
from cdk_bedrock_batch._job.alarm import alarm_on, hours_of_alarm
from cdk_bedrock_batch._job.base import ModelInvocationJobBase
from cdk_bedrock_batch._job.model_metrics import INPUT_TOKENS, OUTPUT_TOKENS, PENDING, model_metric, model_widget

#: Of `alarm_on_stuck`.
_MOST_HOURS = 24


class ObservedJob(ModelInvocationJobBase):
    """What a job of a known model offers beside its grants and events."""

    @property
    @abstractmethod
    def _model_id(self) -> str:
        """The model, as CloudWatch's dimension ``ModelId`` has it."""

    def metric(
        self, metric_name: str, *, statistic: str = "Maximum", period: Duration | None = None
    ) -> cloudwatch.Metric:
        """Return a metric of the namespace ``AWS/Bedrock/Batch`` for the job's model: all jobs of the model count.

        Parameters
        ----------
        metric_name
            Such as ``NumberOfRecordsPendingProcessing``.
        statistic
            Default: ``Maximum``.
        period
            Default: 5 minutes.
        """
        return model_metric(self._model_id, metric_name, statistic=statistic, period=period)

    def metric_records_pending(self, *, period: Duration | None = None) -> cloudwatch.Metric:
        """Return how many records wait for the job's model."""
        return self.metric(PENDING, period=period)

    def metric_input_tokens_per_minute(self, *, period: Duration | None = None) -> cloudwatch.Metric:
        """Return how many tokens of prompts the job's model reads a minute."""
        return self.metric(INPUT_TOKENS, period=period)

    def metric_output_tokens_per_minute(self, *, period: Duration | None = None) -> cloudwatch.Metric:
        """Return how many tokens of answers the job's model writes a minute."""
        return self.metric(OUTPUT_TOKENS, period=period)

    def alarm_on_failed(self, id: str, *, alarm_name: str | None = None) -> cloudwatch.Alarm:
        """Make an alarm that goes off when this job fails, is cut short or expires; see `on_failed`.

        It counts the events that a rule of its own matches (``MatchedEvents`` of ``AWS/Events``). The rule tells the
        stack's function of them, for it is not said whether a rule that tells nobody counts.

        Parameters
        ----------
        id
            Of the alarm, below this construct.
        alarm_name
            Default: CloudFormation chooses one.
        """
        rule = self.on_failed(f"{id}Rule", description="Counts the failures of a Bedrock batch inference job")
        rule.add_target(Heard(Provider.of(self).service_token))
        matched = cloudwatch.Metric(
            namespace="AWS/Events",
            metric_name="MatchedEvents",
            dimensions_map={"RuleName": rule.rule_name},
            statistic="Sum",
            period=Duration.minutes(5),
        )
        description = "A Bedrock batch inference job ended without all of its results"
        return alarm_on(self, id, matched, 1, alarm_name, description)

    def alarm_on_stuck(
        self, id: str, *, after: Duration | None = None, alarm_name: str | None = None
    ) -> cloudwatch.Alarm:
        """Make an alarm that goes off when records wait for the job's model and none is processed.

        Parameters
        ----------
        id
            Of the alarm, below this construct.
        after
            How long that must last: whole hours, at most 24. Default: 3 hours; jobs wait for capacity, so an hour says
            little.
        alarm_name
            Default: CloudFormation chooses one.

        Raises
        ------
        ValueError
            The duration is something else.
        """
        hours = hours_of_alarm(Duration.hours(3) if after is None else after, _MOST_HOURS)
        hour = Duration.hours(1)
        waiting = cloudwatch.MathExpression(
            expression="IF(pending > 0 AND FILL(tokens, 0) == 0, 1, 0)",
            using_metrics={
                "pending": self.metric_records_pending(period=hour),
                "tokens": self.metric_input_tokens_per_minute(period=hour),
            },
            label="Records wait and none is processed",
            period=hour,
        )
        description = "Bedrock batch inference stands still for this model"
        return alarm_on(self, id, waiting, hours, alarm_name, description)

    def widget(self, *, title: str | None = None, width: int = 12, height: int = 6) -> cloudwatch.GraphWidget:
        """Return a graph for a dashboard: the records that wait for the job's model, and the tokens that it processes.

        Parameters
        ----------
        title
            Default: names the model.
        width, height
            In the grid units of a dashboard. Default: half of it, 12 by 6.
        """
        return model_widget(self._model_id, title=title, width=width, height=height)
