"""A pipeline that can be watched: rules for the ends of its runs, its metrics, alarms."""

from __future__ import annotations

from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_events as events

from cdk_bedrock_batch._cdk.large_modules import cloudwatch
from cdk_bedrock_batch._job.alarm import alarm_on, hours_of_alarm
from cdk_bedrock_batch._job.model_metrics import model_widget
from cdk_bedrock_batch._pipeline.run_events import EXECUTION_CHANGED, RUN_FINISHED, without_success
from cdk_bedrock_batch._pipeline.triggers import TriggeredPipeline

#: CloudWatch takes no alarm that looks back further: a week, in periods of an hour.
_MOST_HOURS = 168


class ObservedPipeline(TriggeredPipeline):
    """What a pipeline tells of its runs."""

    def on_finished(
        self,
        id: str,
        *,
        target: events.IRuleTarget | None = None,
        description: str | None = None,
        rule_name: str | None = None,
    ) -> events.Rule:
        """Make a rule for each run that came to its end.

        The event's ``detail`` is the run's summary: ``Run``, ``Status``, ``Results``, the counts of records and tokens.
        ``Status`` is ``FAILED`` where more records stayed without an answer than ``tolerated_failures`` allows. What
        broke off before has no summary: see `on_failed`.

        Parameters
        ----------
        id
            Of the rule, below this construct.
        target
            Who is told. Default: nobody until ``add_target`` is called.
        description
            Default: none.
        rule_name
            Default: CloudFormation chooses one.
        """
        detail = {"Pipeline": [self._prefix]}
        return self._rule(id, RUN_FINISHED, detail, target, description, rule_name)

    def on_failed(
        self,
        id: str,
        *,
        target: events.IRuleTarget | None = None,
        description: str | None = None,
        rule_name: str | None = None,
    ) -> events.Rule:
        """Make a rule for each execution that did not succeed: it failed, took too long, or was stopped.

        The event is Step Functions' own; ``detail.error`` and ``detail.cause`` say why, ``detail.status`` is
        ``FAILED``, ``TIMED_OUT`` or ``ABORTED``. A run that was stopped is told of as well: its records have been
        answered in part, and the next run begins anew.

        Parameters
        ----------
        id
            Of the rule, below this construct.
        target
            Who is told. Default: nobody until ``add_target`` is called.
        description
            Default: none.
        rule_name
            Default: CloudFormation chooses one.
        """
        detail = without_success(self.state_machine_arn)
        return self._rule(id, EXECUTION_CHANGED, detail, target, description, rule_name)

    def _rule(  # noqa: PLR0917 (what a rule is made of)
        self,
        id: str,
        kind: tuple[str, str],
        detail: dict[str, Any],
        target: events.IRuleTarget | None,
        description: str | None,
        rule_name: str | None,
    ) -> events.Rule:
        source, detail_type = kind
        return events.Rule(
            self,
            id,
            event_pattern=events.EventPattern(source=[source], detail_type=[detail_type], detail=detail),
            targets=[target] if target else None,
            description=description,
            rule_name=rule_name,
        )

    def metric(self, metric_name: str, *, statistic: str = "Sum", period: Duration | None = None) -> cloudwatch.Metric:
        """Return a metric of the namespace ``AWS/States`` for the pipeline's state machine.

        Parameters
        ----------
        metric_name
            Such as ``ExecutionsSucceeded`` or ``ExecutionTime``.
        statistic
            Default: ``Sum``.
        period
            Default: 5 minutes.
        """
        return cloudwatch.Metric(
            namespace="AWS/States",
            metric_name=metric_name,
            dimensions_map={"StateMachineArn": self.state_machine_arn},
            statistic=statistic,
            period=period or Duration.minutes(5),
        )

    def alarm_on_failed(self, id: str, *, alarm_name: str | None = None) -> cloudwatch.Alarm:
        """Make an alarm that goes off when a run fails (``ExecutionsFailed``); one that somebody stopped has not.

        Parameters
        ----------
        id
            Of the alarm, below this construct.
        alarm_name
            Default: CloudFormation chooses one.
        """
        description = "A run of a Bedrock batch inference pipeline has failed"
        return alarm_on(self, id, self.metric("ExecutionsFailed"), 1, alarm_name, description)

    def alarm_when_late(self, id: str, *, after: Duration, alarm_name: str | None = None) -> cloudwatch.Alarm:
        """Make an alarm that goes off when no run has succeeded for some time (``ExecutionsSucceeded``).

        It sees what no failure tells of: a run that takes too long, or that nothing has begun. So it is on until the
        first run has succeeded.

        Parameters
        ----------
        id
            Of the alarm, below this construct.
        after
            How long: 1 to 168 whole hours, which is what CloudWatch looks back. More than lies between two runs, by as
            much as one takes: 30 hours for a run each night that may take six.
        alarm_name
            Default: CloudFormation chooses one.

        Raises
        ------
        ValueError
            The duration is something else.
        """
        hours = hours_of_alarm(after, _MOST_HOURS)
        return cloudwatch.Alarm(
            self,
            id,
            metric=self.metric("ExecutionsSucceeded", period=Duration.hours(1)),
            threshold=1,
            evaluation_periods=hours,
            comparison_operator=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
            # An hour in which no run ends has no data.
            treat_missing_data=cloudwatch.TreatMissingData.BREACHING,
            alarm_name=alarm_name,
            alarm_description="No run of a Bedrock batch inference pipeline has succeeded for too long",
        )

    def widget(self, *, title: str | None = None, width: int = 12, height: int = 6) -> cloudwatch.GraphWidget:
        """Return a graph for a dashboard: the records that wait for the model, and the tokens that it processes.

        CloudWatch counts all batch inference jobs of a model in a Region together.

        Parameters
        ----------
        title
            Default: names the model.
        width, height
            In the grid units of a dashboard. Default: half of it, 12 by 6.
        """
        return model_widget(self._model_id, title=title, width=width, height=height)
